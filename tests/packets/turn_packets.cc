// SPDX-License-Identifier: Apache-2.0
#include "tests/packets/turn_packets.h"

#include "flow/address.h"

namespace candor {
namespace {

const uint32_t kCookie = 0x2112A442;

Bytes Be16(uint32_t v) { return {static_cast<uint8_t>(v >> 8), static_cast<uint8_t>(v)}; }
Bytes Be32(uint32_t v) { return Be16(v >> 16) + Be16(v); }

// RFC 8489 section 14.2: the address xor cookie and transaction id.
Bytes XorAddress(std::string_view text, uint16_t port, uint8_t transaction) {
  const IpAddress a = IpAddress::Parse(text).value();
  const Bytes head = Be16(port ^ (kCookie >> 16));
  if (a.IsV4()) return Bytes{0, 1} + head + Be32(a.AsV4() ^ kCookie);
  const Bytes mask = Be32(kCookie) + Bytes(12, transaction);
  Bytes address(a.bytes.begin(), a.bytes.end());
  for (size_t i = 0; i < address.size(); ++i) address[i] ^= mask[i];
  return Bytes{0, 2} + head + address;
}

Bytes Credentials() {
  return Attribute(0x0006, Text("1780000000:anna")) + Attribute(0x0014, Text("example.org")) +
         Attribute(0x0015, Text("nonce")) + Attribute(0x0008, Bytes(20, 0xaa));
}

Bytes Peer() { return Attribute(0x0012, XorAddress("203.0.113.9", 50000, 0)); }

}  // namespace

Bytes Allocate(uint8_t transaction, bool credentialed) {
  const Bytes wish = Attribute(0x0019, {17, 0, 0, 0}) + Attribute(0x000D, Be32(600));
  return Stun(0x0003, transaction, credentialed ? wish + Credentials() : wish);
}

Bytes AllocateSuccess(uint8_t transaction, std::string_view relayed, uint16_t port) {
  Bytes attributes;
  if (!relayed.empty()) attributes = Attribute(0x0016, XorAddress(relayed, port, transaction));
  return Stun(0x0103, transaction,
              attributes + Attribute(0x000D, Be32(600)) + Attribute(0x0008, Bytes(20, 0xbb)));
}

Bytes Refresh(uint8_t transaction, uint32_t lifetime_s) {
  return Stun(0x0004, transaction, Attribute(0x000D, Be32(lifetime_s)) + Credentials());
}

Bytes Permit(uint8_t transaction) { return Stun(0x0008, transaction, Peer() + Credentials()); }

Bytes BindChannel(uint8_t transaction) {
  return Stun(0x0009, transaction, Attribute(0x000C, {0x40, 0, 0, 0}) + Peer() + Credentials());
}

Bytes TurnSuccess(uint16_t method, uint8_t transaction) {
  return Stun(static_cast<uint16_t>(method | 0x0100), transaction, Attribute(0x0008, Bytes(20, 0xbb)));
}

Bytes TurnError(uint16_t method, uint8_t transaction, int code, bool authenticated) {
  Bytes attributes =
      Attribute(0x0009, {0, 0, static_cast<uint8_t>(code / 100), static_cast<uint8_t>(code % 100)});
  if (authenticated) attributes = attributes + Attribute(0x0008, Bytes(20, 0xbb));
  return Stun(static_cast<uint16_t>(method | 0x0110), transaction, attributes);
}

Bytes ChannelData(const Bytes& inner) {
  return Be16(0x4000) + Be16(static_cast<uint32_t>(inner.size())) + inner;
}

Bytes SendIndication(const Bytes& inner) { return Stun(0x0016, 77, Peer() + Attribute(0x0013, inner)); }

Bytes DataIndication(const Bytes& inner) { return Stun(0x0017, 78, Peer() + Attribute(0x0013, inner)); }

}  // namespace candor
