// SPDX-License-Identifier: Apache-2.0
#include "tests/packets/dtls_packets.h"

namespace candor {
namespace {

Bytes Sized(size_t length) {
  return Bytes{static_cast<uint8_t>(length >> 8), static_cast<uint8_t>(length)} + Bytes(length, 0x05);
}

Bytes SpedAttributes(const Bytes& dtls, size_t acks) {
  Bytes out = Attribute(0xC070, dtls);
  if (acks > 0) out = out + Attribute(0xC071, Bytes(4 * acks, 0x3c));
  return out;
}

}  // namespace

Bytes Hidden(uint8_t epoch, size_t length, size_t cid) {
  const auto first = static_cast<uint8_t>(0x2c | (cid > 0 ? 0x10 : 0) | (epoch & 3));
  return Bytes{first} + Bytes(cid, 0xcd) + Bytes{0, 1} + Sized(length);
}

Bytes CidRecord(size_t length, size_t cid) {
  return Bytes{25, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 1} + Bytes(cid, 0xcd) + Sized(length);
}

Bytes SpedCheck(std::string_view username, uint8_t transaction, const Bytes& dtls, size_t acks) {
  return Stun(0x0001, transaction,
              Attribute(0x0006, Text(username)) + Attribute(0x0025, {}) + SpedAttributes(dtls, acks) +
                  Attribute(0x0008, Bytes(20, 0xaa)));
}

Bytes SpedAnswer(uint8_t transaction, const Bytes& dtls, size_t acks) {
  return Stun(0x0101, transaction, SpedAttributes(dtls, acks) + Attribute(0x0008, Bytes(20, 0xbb)));
}

}  // namespace candor
