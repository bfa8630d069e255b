// SPDX-License-Identifier: Apache-2.0
//
// Encapsulated packets, byte by byte as in their specifications. `inner` is the payload: an IP packet, or
// with `frame` an Ethernet frame.
#pragma once

#include <string>
#include <vector>

#include "replay/layers/encapsulation.h"
#include "tests/replay/capture_bytes.h"

namespace candor::testing {

inline constexpr uint32_t kMirror = 0xc6336401, kCollector = 0xc6336402;  // 198.51.100.1 and .2

// IPv4 of any protocol around `payload`.
inline Bytes Ip4(uint8_t protocol, const Bytes& payload) {
  const Writer n{true};
  return Bytes{0x45, 0} + n.U16(20 + payload.size()) + Bytes{0, 0, 0, 0, 64, protocol, 0, 0} +
         n.U32(kMirror) + n.U32(kCollector) + payload;
}
inline Bytes Ip6(uint8_t protocol, const Bytes& payload) {
  const Writer n{true};
  const Bytes prefix = Bytes{0x20, 0x01, 0x0d, 0xb8, 0, 9, 0, 0, 0, 0, 0, 0};
  return Bytes{0x60, 0, 0, 0} + n.U16(payload.size()) + Bytes{protocol, 64} + prefix + n.U32(1) + prefix +
         n.U32(2) + payload;
}
inline Bytes ToPort(uint16_t port, const Bytes& payload) {
  return Udp4(kMirror, 50000, kCollector, port, payload);
}

inline Bytes Ethernet4(const Bytes& ip) { return Ethernet(0x0800, ip); }

inline Bytes Vxlan(const Bytes& frame) { return Bytes{8, 0, 0, 0, 0, 0, 100, 0} + frame; }
inline Bytes VxlanGpe(uint8_t next, const Bytes& inner) {
  return Bytes{0x0c, 0, 0, next, 0, 0, 100, 0} + inner;
}
inline Bytes Geneve(uint16_t type, const Bytes& options, const Bytes& inner) {
  return Bytes{static_cast<uint8_t>(options.size() / 4), 0} + Writer{true}.U16(type) + Bytes{0, 0, 7, 0} +
         options + inner;
}
// Flags of RFC 2784 and 2890, each with its four bytes.
inline Bytes Gre(uint16_t flags, uint16_t type, const Bytes& inner) {
  Bytes out = Writer{true}.U16(flags) + Writer{true}.U16(type);
  for (const unsigned flag : {0x8000u, 0x2000u, 0x1000u, 0x0080u}) {
    if ((flags & flag) != 0) out = out + Bytes{0, 0, 0, 5};
  }
  return out + inner;
}
inline Bytes Erspan2(const Bytes& frame) {
  return Gre(0x1000, 0x88be, Bytes{0x10, 1, 0, 9, 0, 0, 0, 3} + frame);
}
// `frame_type` 0: Ethernet, 2: IP. `platform`: 8 bytes more.
inline Bytes Erspan3(bool platform, uint8_t frame_type, const Bytes& inner) {
  const auto last = static_cast<uint8_t>(platform ? 1 : 0);
  const Bytes head = {0x20, 1, 0, 9, 1, 2, 3, 4, 0, 0, static_cast<uint8_t>(frame_type << 2), last};
  return Gre(0x1000, 0x22eb, head + Bytes(platform ? 8 : 0, 0x77) + inner);
}
inline Bytes Labels(std::vector<uint32_t> labels, const Bytes& inner) {
  Bytes out;
  for (size_t i = 0; i < labels.size(); ++i) {
    out = out + Writer{true}.U32(labels[i] << 12 | (i + 1 == labels.size() ? 0x100u : 0u) | 64u);
  }
  return out + inner;
}
inline Bytes Pppoe(const Bytes& ppp) { return Bytes{0x11, 0, 0, 1} + Writer{true}.U16(ppp.size()) + ppp; }
inline Bytes Tzsp(const Bytes& tags, const Bytes& frame) { return Bytes{1, 0, 0, 1} + tags + frame; }

// An Ethernet frame around `ip` (IPv4, or IPv6 with `six`), and the encapsulations in between.
struct EncapsulatedRow {
  std::string what;
  Bytes frame;
  std::vector<Encapsulation> inside;
};

inline std::vector<EncapsulatedRow> EveryEncapsulation(const Bytes& ip, bool six = false) {
  using E = Encapsulation;
  const uint16_t type = six ? 0x86dd : 0x0800;
  const Bytes frame = Ethernet(type, ip);
  const Bytes tagged = Ethernet(type, ip, {0x88a8, 0x8100});
  const auto outer = [](const Bytes& b) { return Ethernet4(b); };
  const Bytes ppp = (six ? Bytes{0, 0x57} : Bytes{0, 0x21}) + ip;
  const uint8_t protocol = six ? 41 : 4;
  return {
      {"VXLAN", outer(ToPort(4789, Vxlan(frame))), {E::kVxlan}},
      {"VXLAN on Linux' port", outer(ToPort(8472, Vxlan(frame))), {E::kVxlan}},
      {"VXLAN with group policy",
       outer(ToPort(4789, Bytes{0x88, 0, 0, 9, 0, 0, 100, 0} + frame)),
       {E::kVxlan}},
      {"VXLAN over IPv6", Ethernet(0x86dd, Udp6(1, 50000, 2, 4789, Vxlan(frame))), {E::kVxlan}},
      {"VXLAN-GPE, IP", outer(ToPort(4790, VxlanGpe(six ? 2 : 1, ip))), {E::kVxlan}},
      {"VXLAN-GPE, Ethernet", outer(ToPort(4790, VxlanGpe(3, frame))), {E::kVxlan}},
      {"VXLAN in VLANs, VLANs in VXLAN",
       Ethernet(0x0800, ToPort(4789, Vxlan(tagged)), {0x88a8, 0x8100}),
       {E::kVxlan}},
      {"Geneve", outer(ToPort(6081, Geneve(0x6558, {}, frame))), {E::kGeneve}},
      {"Geneve with options", outer(ToPort(6081, Geneve(0x6558, Bytes(12, 1), frame))), {E::kGeneve}},
      {"Geneve, IP", outer(ToPort(6081, Geneve(type, {}, ip))), {E::kGeneve}},
      {"GRE", outer(Ip4(47, Gre(0, type, ip))), {E::kGre}},
      {"GRE with checksum, key and sequence", outer(Ip4(47, Gre(0xb000, type, ip))), {E::kGre}},
      {"GRE over IPv6", Ethernet(0x86dd, Ip6(47, Gre(0, type, ip))), {E::kGre}},
      {"GRE over IPv6 with a destination option",
       Ethernet(0x86dd, Ip6(60, Bytes{47, 0, 1, 4, 0, 0, 0, 0} + Gre(0, type, ip))),
       {E::kGre}},
      {"NVGRE", outer(Ip4(47, Gre(0x2000, 0x6558, frame))), {E::kGre}},
      {"PPTP", outer(Ip4(47, Gre(0x3081, 0x880b, ppp))), {E::kGre}},
      {"ERSPAN I", outer(Ip4(47, Gre(0, 0x88be, frame))), {E::kErspan}},
      {"ERSPAN II", outer(Ip4(47, Erspan2(frame))), {E::kErspan}},
      {"ERSPAN II of a tagged frame", outer(Ip4(47, Erspan2(tagged))), {E::kErspan}},
      {"ERSPAN III", outer(Ip4(47, Erspan3(false, 0, frame))), {E::kErspan}},
      {"ERSPAN III with its platform's part", outer(Ip4(47, Erspan3(true, 0, frame))), {E::kErspan}},
      {"ERSPAN III, IP", outer(Ip4(47, Erspan3(false, 2, ip))), {E::kErspan}},
      {"MPLS", Ethernet(0x8847, Labels({100}, ip)), {E::kMpls}},
      {"three labels, upstream", Ethernet(0x8848, Labels({100, 200, 3}, ip)), {E::kMpls}},
      {"MPLS in a VLAN", Ethernet(0x8847, Labels({100}, ip), {0x8100}), {E::kMpls}},
      {"a pseudo-wire", Ethernet(0x8847, Labels({100, 200}, frame)), {E::kMpls}},
      {"a pseudo-wire with a control word",
       Ethernet(0x8847, Labels({100, 200}, Bytes{0, 0, 0, 7} + frame)),
       {E::kMpls}},
      {"a pseudo-wire of a tagged frame",
       Ethernet(0x8847, Labels({100}, Bytes{0, 0, 0, 0} + tagged)),
       {E::kMpls}},
      {"MPLS in GRE", outer(Ip4(47, Gre(0, 0x8847, Labels({100}, ip)))), {E::kGre, E::kMpls}},
      {"MPLS in IP", outer(Ip4(137, Labels({100}, ip))), {E::kMpls}},
      {"MPLS in UDP", outer(ToPort(6635, Labels({100, 17}, ip))), {E::kMpls}},
      {"PPPoE", Ethernet(0x8864, Pppoe(ppp)), {E::kPppoe}},
      {"PPPoE in VLANs", Ethernet(0x8864, Pppoe(ppp), {0x88a8, 0x8100}), {E::kPppoe}},
      {"PPPoE with a short protocol field",
       Ethernet(0x8864, Pppoe(Bytes(ppp.begin() + 1, ppp.end()))),
       {E::kPppoe}},
      {"IP-in-IP", outer(Ip4(protocol, ip)), {E::kIpInIp}},
      {"IP-in-IPv6", Ethernet(0x86dd, Ip6(protocol, ip)), {E::kIpInIp}},
      {"EtherIP", outer(Ip4(97, Bytes{0x30, 0} + frame)), {E::kEtherIp}},
      {"TZSP", outer(ToPort(37008, Tzsp({1}, frame))), {E::kTzsp}},
      {"TZSP with tags and padding", outer(ToPort(37008, Tzsp({10, 1, 0x7f, 0, 0, 1}, frame))), {E::kTzsp}},
      {"a mirror of an overlay behind PPPoE",
       Ethernet(0x8864, Pppoe(Bytes{0, 0x21} + Ip4(47, Erspan2(outer(ToPort(4789, Vxlan(tagged))))))),
       {E::kPppoe, E::kErspan, E::kVxlan}},
  };
}

}  // namespace candor::testing
