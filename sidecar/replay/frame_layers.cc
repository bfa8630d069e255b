// SPDX-License-Identifier: Apache-2.0
#include "replay/frame_layers.h"

namespace candor {
namespace {

using Kind = Step::Kind;
constexpr uint16_t kLeastType = 0x0600;  // below, the field is a length (IEEE 802.3 clause 3.2.6)

bool IsVlan(uint16_t type) {
  return type == ethertype::kVlan || type == ethertype::kProvider || type == ethertype::kOldProvider ||
         type == ethertype::kOldProvider2;
}

Step OpenPppoe(const Place& p) {
  if (!p.Has(6)) return Step::Cut();
  // Version 1, type 1, code 0: session data.
  if (p.U8(0) != 0x11 || p.U8(1) != 0) return Step::NotIp();
  return Step::To(Kind::kPpp, p.From(6)).Inside(Encapsulation::kPppoe);
}

// How much speaks for an Ethernet frame that begins here: 2 a type that is in use, with what it announces; 1
// a length that fits (IEEE 802.3), which chance makes too; 0 nothing.
int LooksLikeEthernet(const Place& p) {
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

// Whether the header's own length fits into what was sent.
bool LooksLikeIp(const Place& p) {
  const unsigned version = p.U8(0) >> 4;
  if (version == 4) {
    const unsigned header = (p.U8(0) & 0x0fu) * 4, length = p.U16(2);
    return header >= 20 && length >= header && length <= p.wire;
  }
  return version == 6 && p.Has(6) && p.U16(4) + 40u <= p.wire;
}

}  // namespace

Step OpenEthernet(const Place& p) {
  if (!p.Has(14)) return Step::Cut();
  const uint16_t type = p.U16(12);
  if (type >= kLeastType) return OpenEtherType(type, p.From(14));
  if (!p.Has(17)) return Step::Cut();
  if (p.U16(14) != 0xaaaa || p.U8(16) != 3) return Step::NotIp();
  if (!p.Has(22)) return Step::Cut();
  const bool standard = p.U8(17) == 0 && p.U16(18) == 0;  // the organization whose types are EtherTypes
  return standard ? OpenEtherType(p.U16(20), p.From(22)) : Step::NotIp();
}

Step OpenEtherType(uint16_t type, const Place& place) {
  Place p = place;
  while (IsVlan(type)) {
    if (!p.Has(4)) return Step::Cut();
    type = p.U16(2);
    p = p.From(4);
  }
  switch (type) {
    case ethertype::kIp4:
    case ethertype::kIp6:
      return Step::To(Kind::kIp, p);
    case ethertype::kMpls:
    case ethertype::kMplsUpstream:
      return Step::To(Kind::kMpls, p).Inside(Encapsulation::kMpls);
    case ethertype::kPppoeSession:
      return OpenPppoe(p);
    case ethertype::kMacsec:
      return Step::NotIpBut(Sealed::kMacsec);
    case ethertype::kPbb:
      return Step::NotIpBut(Sealed::kPbb);
    case ethertype::kTrill:
      return Step::NotIpBut(Sealed::kTrill);
    case ethertype::kNsh:
      return Step::NotIpBut(Sealed::kNsh);
    default:
      return Step::NotIp();
  }
}

Step OpenPpp(const Place& place) {
  if (!place.Has(2)) return Step::Cut();
  const Place p = place.U16(0) == 0xff03 ? place.From(2) : place;
  if (!p.Has(2)) return Step::Cut();
  // The last byte of a protocol's number is odd, all before it are even.
  const size_t bytes = (p.U8(0) & 1) != 0 ? 1 : 2;
  const uint16_t protocol = bytes == 1 ? p.U8(0) : p.U16(0);
  switch (protocol) {
    case 0x0021:
    case 0x0057:
      return Step::To(Kind::kIp, p.From(bytes));
    case 0x0281:
    case 0x0283:
      return Step::To(Kind::kMpls, p.From(bytes)).Inside(Encapsulation::kMpls);
    case 0x003d:  // multilink
    case 0x0053:  // encrypted
    case 0x0055:
    case 0x00fb:  // compressed in one of several links
    case 0x00fd:  // compressed, or Microsoft's encryption
    case 0x002d:  // Van Jacobson and other header compression
    case 0x002f:
      return Step::NotIpBut(Sealed::kPpp);
    default:
      return Step::NotIp();
  }
}

Step OpenMpls(const Place& place) {
  Place p = place;
  bool bottom = false;
  while (!bottom) {
    if (!p.Has(4)) return Step::Cut();
    bottom = (p.U8(2) & 1) != 0;
    p = p.From(4);
  }
  if (!p.Has(4)) return Step::Cut();
  const unsigned nibble = p.U8(0) >> 4;
  if (LooksLikeIp(p)) return Step::To(Kind::kIp, p);
  // A control word begins with four zero bits, and so do many addresses.
  const int bare = LooksLikeEthernet(p), behind = nibble == 0 ? LooksLikeEthernet(p.From(4)) : 0;
  if (behind > 0 && behind >= bare) return Step::To(Kind::kEthernet, p.From(4));
  if (bare > 0) return Step::To(Kind::kEthernet, p);
  // A mirror that cuts packets leaves an IP header that states more than there is.
  if (nibble == 4 || nibble == 6) return Step::To(Kind::kIp, p);
  if (!p.Has(nibble == 0 ? 18 : 14)) return Step::Cut();
  return Step::NotIpBut(Sealed::kPseudoWire);
}

}  // namespace candor
