// SPDX-License-Identifier: Apache-2.0
#include "replay/layers/ip_layers.h"

#include <array>

namespace candor {
namespace {

using Kind = LayerStep::Kind;

struct Transport {
  enum class Found : uint8_t { kYes, kNo, kFragment, kCut } found = Found::kNo;
  uint8_t protocol = 0;
  Slice slice;  // behind the IP header and its extensions
};

Transport Transport4(const Slice& ip) {
  const size_t header = (ip.U8(0) & 0x0fu) * 4;
  if (header < 20) return {};
  if ((ip.U16(6) & 0x1fff) != 0) return {Transport::Found::kFragment, ip.U8(9), {}};
  if (!ip.Has(header)) return {Transport::Found::kCut, ip.U8(9), {}};
  return {Transport::Found::kYes, ip.U8(9), ip.From(header)};
}

// The extension headers that bpf/ip.h walks, and as many.
Transport Transport6(const Slice& ip) {
  uint8_t next = ip.U8(6);
  Slice p = ip.From(40);
  for (int i = 0; i < 8; ++i) {
    const bool extension = next == 0 || next == 43 || next == 44 || next == 51 || next == 60 || next == 135;
    if (!extension) return {Transport::Found::kYes, next, p};
    if (!p.Has(4)) return {Transport::Found::kCut, next, {}};
    if (next == 44 && (p.U16(2) & 0xfff8) != 0) return {Transport::Found::kFragment, p.U8(0), {}};
    const size_t bytes = next == 44 ? 8 : next == 51 ? (p.U8(1) + 2u) * 4 : (p.U8(1) + 1u) * 8;
    if (!p.Has(bytes)) return {Transport::Found::kCut, next, {}};
    next = p.U8(0);
    p = p.From(bytes);
  }
  return {};
}

// `p` begins after GRE. Type I has neither a header nor a GRE sequence number; II has 8 bytes and version 1,
// III has 12 (20 with the platform-specific part) and version 2, in some senders under the number of II.
LayerStep ParseErspan(const Slice& p, uint16_t type, bool sequence) {
  if (type == ethertype::kErspan2 && !sequence) {
    return LayerStep::To(Kind::kEthernet, p).Inside(Encapsulation::kErspan);
  }
  if (!p.Has(8)) return LayerStep::Cut();
  const unsigned version = p.U8(0) >> 4;
  if (version == 1) return LayerStep::To(Kind::kEthernet, p.From(8)).Inside(Encapsulation::kErspan);
  if (version != 2) return LayerStep::OpaquePacket(Opaque::kGre);
  if (!p.Has(12)) return LayerStep::Cut();
  const size_t bytes = (p.U8(11) & 1) != 0 ? 20 : 12;
  if (!p.Has(bytes)) return LayerStep::Cut();
  // The frame type; 2 is IP.
  const bool ip = ((p.U8(10) >> 2) & 0x1f) == 2;
  return LayerStep::To(ip ? Kind::kIp : Kind::kEthernet, p.From(bytes)).Inside(Encapsulation::kErspan);
}

LayerStep ParseGre(const Slice& p) {
  if (!p.Has(4)) return LayerStep::Cut();
  const uint16_t flags = p.U16(0), type = p.U16(2);
  const unsigned version = flags & 7;
  const bool checksum = (flags & 0x8000) != 0, routing = (flags & 0x4000) != 0, key = (flags & 0x2000) != 0,
             sequence = (flags & 0x1000) != 0, acknowledged = version == 1 && (flags & 0x0080) != 0;
  if (version > 1 || routing) return LayerStep::OpaquePacket(Opaque::kGre);
  const size_t bytes =
      4 + (checksum ? 4u : 0u) + (key ? 4u : 0u) + (sequence ? 4u : 0u) + (acknowledged ? 4u : 0u);
  if (!p.Has(bytes)) return LayerStep::Cut();
  const Slice inside = p.From(bytes);
  if (version == 1 && !sequence) return LayerStep::Plain();  // an acknowledgement alone
  switch (type) {
    case ethertype::kErspan2:
    case ethertype::kErspan3:
      return ParseErspan(inside, type, sequence);
    case ethertype::kIp4:
    case ethertype::kIp6:
    case ethertype::kMpls:
    case ethertype::kMplsUpstream:
    case ethertype::kVlan:
      return LayerStep::ToType(type, inside).Inside(Encapsulation::kGre);
    case ethertype::kBridged:
      return LayerStep::To(Kind::kEthernet, inside).Inside(Encapsulation::kGre);
    case ethertype::kPpp:
      return LayerStep::To(Kind::kPpp, inside).Inside(Encapsulation::kGre);
    case 0:  // keep-alive
      return LayerStep::Plain();
    default:
      return LayerStep::OpaquePacket(Opaque::kGre);
  }
}

LayerStep ParseVxlan(const Slice& p) {
  if (!p.Has(8)) return p.wire < 8 ? LayerStep::Plain() : LayerStep::Cut();
  const unsigned flags = p.U8(0);
  constexpr unsigned kValid = 0x08, kNextProtocol = 0x04, kPolicy = 0x80;
  // Reserved bits are zero as sent (RFC 7348 section 5).
  if ((flags & kValid) == 0 || (flags & ~(kValid | kNextProtocol | kPolicy)) != 0 || p.U8(7) != 0) {
    return LayerStep::Plain();
  }
  const LayerStep ethernet = LayerStep::To(Kind::kEthernet, p.From(8));
  const LayerStep ip = LayerStep::To(Kind::kIp, p.From(8));
  if ((flags & kNextProtocol) == 0) return ethernet.Inside(Encapsulation::kVxlan);
  switch (p.U8(3)) {
    case 1:
    case 2:
      return ip.Inside(Encapsulation::kVxlan);
    case 3:
      return ethernet.Inside(Encapsulation::kVxlan);
    case 4:
      return LayerStep::OpaquePacket(Opaque::kNsh);
    default:
      return LayerStep::Plain();
  }
}

LayerStep ParseGeneve(const Slice& p) {
  if (!p.Has(8)) return p.wire < 8 ? LayerStep::Plain() : LayerStep::Cut();
  // Version 0, reserved bits zero as sent (RFC 8926 section 3.4).
  if (p.U8(0) >> 6 != 0 || (p.U8(1) & 0x3f) != 0 || p.U8(7) != 0) return LayerStep::Plain();
  const uint16_t type = p.U16(2);
  if (type != ethertype::kBridged && type != ethertype::kIp4 && type != ethertype::kIp6)
    return LayerStep::Plain();
  const size_t bytes = 8 + (p.U8(0) & 0x3fu) * 4;
  if (!p.Has(bytes)) return LayerStep::Cut();
  const LayerStep step = type == ethertype::kBridged ? LayerStep::To(Kind::kEthernet, p.From(bytes))
                                                     : LayerStep::To(Kind::kIp, p.From(bytes));
  return step.Inside(Encapsulation::kGeneve);
}

// version(1)=1 type(1) protocol(2), then tags of type(1) length(1) value up to the end tag 1; 0 is padding.
LayerStep ParseTzsp(const Slice& p) {
  if (!p.Has(4)) return p.wire < 4 ? LayerStep::Plain() : LayerStep::Cut();
  // Type 0: a received packet; protocol 1: Ethernet.
  if (p.U8(0) != 1 || p.U8(1) != 0 || p.U16(2) != 1) return LayerStep::Plain();
  size_t at = 4;
  while (p.Has(at + 1) && p.U8(at) != 1) {
    if (p.U8(at) == 0) {
      ++at;
    } else if (p.Has(at + 2)) {
      at += 2u + p.U8(at + 1);
    } else {
      return LayerStep::Cut();
    }
  }
  if (!p.Has(at + 1)) return LayerStep::Cut();
  return LayerStep::To(Kind::kEthernet, p.From(at + 1)).Inside(Encapsulation::kTzsp);
}

// Labels have no fixed bits: an IP header with exactly the remaining length distinguishes them from media.
LayerStep ParseMplsInUdp(const Slice& p) {
  constexpr size_t kMostLabels = 8;
  size_t labels = 0;
  while (p.Has(labels * 4 + 4) && labels < kMostLabels && (p.U8(labels * 4 + 2) & 1) == 0) ++labels;
  if (labels == kMostLabels) return LayerStep::Plain();
  const size_t at = labels * 4 + 4;
  if (p.wire < at + 20) return LayerStep::Plain();
  if (!p.Has(at + 6)) return LayerStep::Cut();
  const unsigned version = p.U8(at) >> 4;
  const size_t left = p.wire - at;
  const bool ip = (version == 4 && p.U16(at + 2) == left) || (version == 6 && p.U16(at + 4) + 40u == left);
  return ip ? LayerStep::To(Kind::kMpls, p).Inside(Encapsulation::kMpls) : LayerStep::Plain();
}

// UDP payloads that are recognized and not parsed.
LayerStep ClassifyOpaqueUdp(uint16_t from, uint16_t to, const Slice& p) {
  if (!p.Has(4)) return LayerStep::Plain();
  const uint32_t first = p.U32(0);
  if (from == 4500 && to == 4500 && first != 0 && p.wire >= 16) return LayerStep::OpaquePacket(Opaque::kEsp);
  if (to == 2152 && first >> 28 == 3 && (first >> 16 & 0xff) == 0xff)
    return LayerStep::OpaquePacket(Opaque::kGtp);
  const unsigned l2tp = first >> 16 & 0x0f;
  if (from == 1701 && to == 1701 && (l2tp == 2 || l2tp == 3) && first >> 31 == 0) {
    return LayerStep::OpaquePacket(Opaque::kL2tp);  // data, no control message
  }
  const bool wireguard_length = p.wire >= 32 && p.wire % 16 == 0;
  if ((from == 51820 || to == 51820) && first == 0x04000000 && wireguard_length) {
    return LayerStep::OpaquePacket(Opaque::kWireGuard);
  }
  return LayerStep::Plain();
}

LayerStep ParseUdpPayload(uint16_t from, uint16_t to, const Slice& p) {
  switch (to) {
    case 4789:
    case 4790:  // VXLAN-GPE
    case 8472:  // the default of Linux
      return ParseVxlan(p);
    case 6081:
      return ParseGeneve(p);
    case 37008:
      return ParseTzsp(p);
    case 6635:
      return ParseMplsInUdp(p);
    default:
      return ClassifyOpaqueUdp(from, to, p);
  }
}

LayerStep ParseUdp(const Slice& udp) {
  if (!udp.Has(8)) return LayerStep::PlainUdp({{}, udp.wire - std::min(udp.wire, 8u)});
  LayerStep step = ParseUdpPayload(udp.U16(0), udp.U16(2), udp.From(8));
  if (step.kind == Kind::kPlain) {
    step.kind = Kind::kPlainUdp;
    step.slice = udp.From(8);
  }
  return step;
}

LayerStep ParseEtherIp(const Slice& p) {
  if (!p.Has(2)) return LayerStep::Cut();
  if (p.U16(0) != 0x3000) return LayerStep::Plain();
  return LayerStep::To(Kind::kEthernet, p.From(2)).Inside(Encapsulation::kEtherIp);
}

// IP protocols whose payload is always a packet. Of a fragment of UDP the payload is not known.
bool IsTunnel(uint8_t protocol) {
  return protocol == 4 || protocol == 41 || protocol == 47 || protocol == 97 || protocol == 137;
}

}  // namespace

LayerStep ParseIp(const Slice& ip) {
  const Transport t = ip.U8(0) >> 4 == 4 ? Transport4(ip) : Transport6(ip);
  if (t.found == Transport::Found::kNo) return LayerStep::Plain();
  if (t.found == Transport::Found::kFragment) {
    return IsTunnel(t.protocol) ? LayerStep::OpaquePacket(Opaque::kFragment) : LayerStep::Plain();
  }
  // The flow table counts packets that end inside the headers of IP and UDP.
  if (t.found == Transport::Found::kCut) return LayerStep::Plain();
  switch (t.protocol) {
    case 17:
      return ParseUdp(t.slice);
    case 4:
    case 41:
      return LayerStep::To(Kind::kIp, t.slice).Inside(Encapsulation::kIpInIp);
    case 47:
      return ParseGre(t.slice);
    case 97:
      return ParseEtherIp(t.slice);
    case 137:
      return LayerStep::To(Kind::kMpls, t.slice).Inside(Encapsulation::kMpls);
    case 50:
      return LayerStep::OpaquePacket(Opaque::kEsp);
    case 51:
      return LayerStep::OpaquePacket(Opaque::kAh);
    case 108:
      return LayerStep::OpaquePacket(Opaque::kIpComp);
    case 115:
      return LayerStep::OpaquePacket(Opaque::kL2tp);
    default:
      return LayerStep::Plain();
  }
}

}  // namespace candor
