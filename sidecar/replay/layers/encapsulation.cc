// SPDX-License-Identifier: Apache-2.0
#include "replay/layers/encapsulation.h"

namespace candor {
namespace {

struct Names {
  const char* people;
  const char* json;
};

constexpr std::array<Names, kEncapsulations> kRead = {{
    {"VXLAN", "vxlan"},
    {"Geneve", "geneve"},
    {"GRE", "gre"},
    {"ERSPAN", "erspan"},
    {"MPLS", "mpls"},
    {"PPPoE", "pppoe"},
    {"IP-in-IP", "ip_in_ip"},
    {"EtherIP", "etherip"},
    {"TZSP", "tzsp"},
}};

constexpr std::array<Names, kOpaqueKinds> kOpaque = {{
    {"IPsec ESP", "esp"},
    {"IPsec AH", "ah"},
    {"IPComp", "ipcomp"},
    {"L2TP", "l2tp"},
    {"GTP-U", "gtp_u"},
    {"WireGuard", "wireguard"},
    {"MACsec", "macsec"},
    {"802.1ah (PBB)", "pbb"},
    {"TRILL", "trill"},
    {"NSH", "nsh"},
    {"compressed, encrypted or multilink PPP", "ppp"},
    {"GRE of another protocol", "gre"},
    {"a later fragment of a tunnel's packet", "fragment"},
    {"an MPLS pseudo-wire that is not Ethernet", "pseudo_wire"},
}};

}  // namespace

const char* Name(Encapsulation e) { return kRead.at(static_cast<size_t>(e)).people; }
const char* JsonName(Encapsulation e) { return kRead.at(static_cast<size_t>(e)).json; }
const char* Name(Opaque s) { return kOpaque.at(static_cast<size_t>(s)).people; }
const char* JsonName(Opaque s) { return kOpaque.at(static_cast<size_t>(s)).json; }

}  // namespace candor
