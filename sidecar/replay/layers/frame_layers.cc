// SPDX-License-Identifier: Apache-2.0
#include "replay/layers/frame_layers.h"

namespace candor {
namespace {

using Kind = LayerStep::Kind;
constexpr uint16_t kLeastType = 0x0600;  // below, the field is a length (IEEE 802.3 clause 3.2.6)

bool IsVlan(uint16_t type) {
  return type == ethertype::kVlan || type == ethertype::kProvider || type == ethertype::kOldProvider ||
         type == ethertype::kOldProvider2;
}

LayerStep ParsePppoe(const Slice& p) {
  if (!p.Has(6)) return LayerStep::Cut();
  // Version 1, type 1, code 0: session data.
  if (p.U8(0) != 0x11 || p.U8(1) != 0) return LayerStep::NotIp();
  return LayerStep::To(Kind::kPpp, p.From(6)).Inside(Encapsulation::kPppoe);
}

// The evidence for an Ethernet frame here: 2 a type in use, with a payload that fits; 1 a length that fits
// (IEEE 802.3), which also happens by chance; 0 none.
int LooksLikeEthernet(const Slice& p) {
  if (!p.Has(14)) return 0;
  if (IsVlan(p.U16(12))) return 2;
  const unsigned version = p.Has(15) ? p.U8(14) >> 4 : 0;
  switch (p.U16(12)) {
    case ethertype::kIp4:
      return !p.Has(15) || version == 4 ? 2 : 0;
    case ethertype::kIp6:
      return !p.Has(15) || version == 6 ? 2 : 0;
    case ethertype::kMpls:
    case ethertype::kPppoeSession:
    case 0x0806:  // ARP
    case 0x8863:  // PPPoE discovery
    case 0x88cc:  // LLDP
      return 2;
    default:
      return p.U16(12) < kLeastType && p.U16(12) + 14u <= p.wire ? 1 : 0;
  }
}

// Whether the length in the header fits the bytes on the wire.
bool LooksLikeIp(const Slice& p) {
  const unsigned version = p.U8(0) >> 4;
  if (version == 4) {
    const unsigned header = (p.U8(0) & 0x0fu) * 4, length = p.U16(2);
    return header >= 20 && length >= header && length <= p.wire;
  }
  return version == 6 && p.Has(6) && p.U16(4) + 40u <= p.wire;
}

}  // namespace

LayerStep ParseEthernet(const Slice& p) {
  if (!p.Has(14)) return LayerStep::Cut();
  const uint16_t type = p.U16(12);
  if (type >= kLeastType) return ParseEtherType(type, p.From(14));
  if (!p.Has(17)) return LayerStep::Cut();
  if (p.U16(14) != 0xaaaa || p.U8(16) != 3) return LayerStep::NotIp();
  if (!p.Has(22)) return LayerStep::Cut();
  const bool standard = p.U8(17) == 0 && p.U16(18) == 0;  // the organization code of EtherTypes
  return standard ? ParseEtherType(p.U16(20), p.From(22)) : LayerStep::NotIp();
}

LayerStep ParseEtherType(uint16_t type, const Slice& slice) {
  Slice p = slice;
  while (IsVlan(type)) {
    if (!p.Has(4)) return LayerStep::Cut();
    type = p.U16(2);
    p = p.From(4);
  }
  switch (type) {
    case ethertype::kIp4:
    case ethertype::kIp6:
      return LayerStep::To(Kind::kIp, p);
    case ethertype::kMpls:
    case ethertype::kMplsUpstream:
      return LayerStep::To(Kind::kMpls, p).Inside(Encapsulation::kMpls);
    case ethertype::kPppoeSession:
      return ParsePppoe(p);
    case ethertype::kMacsec:
      return LayerStep::OpaqueFrame(Opaque::kMacsec);
    case ethertype::kPbb:
      return LayerStep::OpaqueFrame(Opaque::kPbb);
    case ethertype::kTrill:
      return LayerStep::OpaqueFrame(Opaque::kTrill);
    case ethertype::kNsh:
      return LayerStep::OpaqueFrame(Opaque::kNsh);
    default:
      return LayerStep::NotIp();
  }
}

LayerStep ParsePpp(const Slice& slice) {
  if (!slice.Has(2)) return LayerStep::Cut();
  const Slice p = slice.U16(0) == 0xff03 ? slice.From(2) : slice;
  if (!p.Has(2)) return LayerStep::Cut();
  // The last byte of a protocol's number is odd, all before it are even.
  const size_t bytes = (p.U8(0) & 1) != 0 ? 1 : 2;
  const uint16_t protocol = bytes == 1 ? p.U8(0) : p.U16(0);
  switch (protocol) {
    case 0x0021:
    case 0x0057:
      return LayerStep::To(Kind::kIp, p.From(bytes));
    case 0x0281:
    case 0x0283:
      return LayerStep::To(Kind::kMpls, p.From(bytes)).Inside(Encapsulation::kMpls);
    case 0x003d:  // multilink
    case 0x0053:  // encrypted
    case 0x0055:
    case 0x00fb:  // compressed in one of several links
    case 0x00fd:  // compressed, or Microsoft's encryption
    case 0x002d:  // Van Jacobson and other header compression
    case 0x002f:
      return LayerStep::OpaqueFrame(Opaque::kPpp);
    default:
      return LayerStep::NotIp();
  }
}

LayerStep ParseMpls(const Slice& slice) {
  Slice p = slice;
  bool bottom = false;
  while (!bottom) {
    if (!p.Has(4)) return LayerStep::Cut();
    bottom = (p.U8(2) & 1) != 0;
    p = p.From(4);
  }
  if (!p.Has(4)) return LayerStep::Cut();
  const unsigned nibble = p.U8(0) >> 4;
  if (LooksLikeIp(p)) return LayerStep::To(Kind::kIp, p);
  // A control word begins with four zero bits, and so do many addresses.
  const int bare = LooksLikeEthernet(p), behind = nibble == 0 ? LooksLikeEthernet(p.From(4)) : 0;
  if (behind > 0 && behind >= bare) return LayerStep::To(Kind::kEthernet, p.From(4));
  if (bare > 0) return LayerStep::To(Kind::kEthernet, p);
  // A mirror that cuts packets leaves an IP header that states more than there is.
  if (nibble == 4 || nibble == 6) return LayerStep::To(Kind::kIp, p);
  if (!p.Has(nibble == 0 ? 18 : 14)) return LayerStep::Cut();
  return LayerStep::OpaqueFrame(Opaque::kPseudoWire);
}

}  // namespace candor
