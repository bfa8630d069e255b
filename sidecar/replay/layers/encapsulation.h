// SPDX-License-Identifier: Apache-2.0
//
// Encapsulations of IP packets: those that are parsed, those that are only recognized, and their names. Pure.
// Tested by tests/replay/layers/decapsulate_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace candor {

enum class Encapsulation : uint8_t {
  kVxlan,  // RFC 7348, with group policy (draft-smith-vxlan-group-policy) and GPE (draft-ietf-nvo3-vxlan-gpe)
  kGeneve,   // RFC 8926
  kGre,      // RFC 2784, 2890; NVGRE (RFC 7637); PPP in GRE (PPTP, RFC 2637)
  kErspan,   // types I, II and III (draft-foschiano-erspan)
  kMpls,     // RFC 3032; in IP and GRE (RFC 4023), in UDP (RFC 7510); Ethernet pseudo-wires (RFC 4448)
  kPppoe,    // RFC 2516, session stage
  kIpInIp,   // RFC 2003, 2473, 4213
  kEtherIp,  // RFC 3378
  kTzsp,     // TaZmen Sniffer Protocol: the mirror of MikroTik and others
};
inline constexpr size_t kEncapsulations = 9;

// Recognized and not parsed: encrypted, compressed, or without a parser.
enum class Opaque : uint8_t {
  kEsp,         // RFC 4303, and in UDP port 4500 (RFC 3948)
  kAh,          // RFC 4302 over IPv4
  kIpComp,      // RFC 3173
  kL2tp,        // RFC 2661 (UDP 1701), RFC 3931 (IP protocol 115)
  kGtp,         // 3GPP TS 29.281 (UDP 2152)
  kWireGuard,   // UDP 51820
  kMacsec,      // IEEE 802.1AE
  kPbb,         // IEEE 802.1ah
  kTrill,       // RFC 6325
  kNsh,         // RFC 8300
  kPpp,         // PPP that is compressed, encrypted or split over links (RFC 1962, 1968, 1990)
  kGre,         // GRE of another protocol or version
  kFragment,    // a later fragment of a tunnel's packet: the headers are in the first
  kPseudoWire,  // MPLS with neither IP nor Ethernet inside
};
inline constexpr size_t kOpaqueKinds = 14;

const char* Name(Encapsulation e);      // "VXLAN"
const char* JsonName(Encapsulation e);  // "vxlan"
const char* Name(Opaque s);
const char* JsonName(Opaque s);

// Packets by encapsulation; one in two encapsulations counts in both.
struct EncapsulationCounts {
  std::array<uint64_t, kEncapsulations> read{};
  std::array<uint64_t, kOpaqueKinds> opaque{};
  uint64_t too_deep = 0;  // in more than kMaxEncapsulations (decapsulate.h)
};

}  // namespace candor
