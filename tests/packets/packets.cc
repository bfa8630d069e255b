// SPDX-License-Identifier: Apache-2.0
#include "tests/packets/packets.h"

#include <algorithm>

namespace candor {
namespace {

Bytes Be16(size_t v) { return {static_cast<uint8_t>(v >> 8), static_cast<uint8_t>(v)}; }
Bytes Be32(uint32_t v) { return Be16(v >> 16) + Be16(v & 0xffff); }

Bytes AddressBytes(const IpAddress& a) {
  return a.IsV4() ? Bytes(a.bytes.begin() + 12, a.bytes.end()) : Bytes(a.bytes.begin(), a.bytes.end());
}

Bytes UdpHeader(const FlowKey& k, candor_dir dir, size_t payload) {
  const auto source = dir == CANDOR_IN ? k.remote_port : k.local_port;
  const auto target = dir == CANDOR_IN ? k.local_port : k.remote_port;
  return Be16(source) + Be16(target) + Be16(8 + payload) + Bytes{0, 0};
}

}  // namespace

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes Text(std::string_view text) { return {text.begin(), text.end()}; }

FlowKey KeyOf(std::string_view local, uint16_t local_port, std::string_view remote, uint16_t remote_port) {
  FlowKey k{};
  const auto l = IpAddress::Parse(local).value(), r = IpAddress::Parse(remote).value();
  std::copy(l.bytes.begin(), l.bytes.end(), std::begin(k.local_addr));
  std::copy(r.bytes.begin(), r.bytes.end(), std::begin(k.remote_addr));
  k.local_port = local_port;
  k.remote_port = remote_port;
  return k;
}

Bytes Udp(const FlowKey& k, candor_dir dir, const Bytes& payload) {
  return UdpBehind(k, dir, 17, {}, payload);
}

Bytes UdpBehind(const FlowKey& k, candor_dir dir, uint8_t first, const Bytes& between, const Bytes& payload) {
  const auto local = IpAddress::From(k.local_addr), remote = IpAddress::From(k.remote_addr);
  const Bytes source = AddressBytes(dir == CANDOR_IN ? remote : local);
  const Bytes target = AddressBytes(dir == CANDOR_IN ? local : remote);
  const Bytes rest = between + UdpHeader(k, dir, payload.size()) + payload;
  if (source.size() == 16) {
    return Bytes{0x60, 0, 0, 0} + Be16(rest.size()) + Bytes{first, 64} + source + target + rest;
  }
  const auto words = static_cast<uint8_t>(0x45 + between.size() / 4);
  return Bytes{words, 0} + Be16(20 + rest.size()) + Bytes{0, 0, 0x40, 0, 64, first, 0, 0} + source + target +
         rest;
}

Bytes Attribute(uint16_t type, const Bytes& value) {
  Bytes out = Be16(type) + Be16(value.size()) + value;
  while (out.size() % 4 != 0) out.push_back(0);
  return out;
}

Bytes Stun(uint16_t type, uint8_t transaction, const Bytes& attributes) {
  return Be16(type) + Be16(attributes.size()) + Be32(0x2112A442) + Bytes(12, transaction) + attributes;
}

Bytes Check(std::string_view username, uint8_t transaction, bool nominate) {
  Bytes attributes = Attribute(0x0006, Text(username)) + Attribute(0x802A, Bytes(8, 1)) +
                     Attribute(0x0024, {0x6e, 0, 1, 0xff});
  if (nominate) attributes = attributes + Attribute(0x0025, {});
  return Stun(0x0001, transaction,
              attributes + Attribute(0x0008, Bytes(20, 0xaa)) + Attribute(0x8028, {1, 2, 3, 4}));
}

Bytes CheckAnswer(uint8_t transaction) {
  return Stun(0x0101, transaction,
              Attribute(0x0020, {0, 1, 1, 2, 3, 4, 5, 6}) + Attribute(0x0008, Bytes(20, 0xbb)));
}

Bytes CheckError(uint8_t transaction, int code) {
  return Stun(0x0111, transaction,
              Attribute(0x0009, {0, 0, static_cast<uint8_t>(code / 100), static_cast<uint8_t>(code % 100)}));
}

Bytes DtlsRecord(uint8_t type, uint16_t epoch, const Bytes& body) {
  return Bytes{type, 0xfe, 0xfd} + Be16(epoch) + Bytes{0, 0, 0, 0, 0, 1} + Be16(body.size()) + body;
}

Bytes Handshake(uint8_t type, uint8_t sequence) {
  return DtlsRecord(22, 0, Bytes{type, 0, 0, 40, 0, sequence, 0, 0, 0, 0, 0, 40} + Bytes(40, 0x11));
}

Bytes PlainAlert(uint8_t description) { return DtlsRecord(21, 0, {2, description}); }

Bytes Rtp(uint32_t ssrc, uint16_t sequence) {
  return RtpOf({.ssrc = ssrc, .sequence = sequence, .timestamp = 160u * sequence});
}

Bytes RtpOf(const RtpHeader& h, size_t size) {
  const auto marker = static_cast<uint8_t>(h.marker ? 0x80 : 0);
  return Bytes{0x80, static_cast<uint8_t>(marker | h.type)} + Be16(h.sequence) + Be32(h.timestamp) +
         Be32(h.ssrc) + Bytes(size, 0x55);
}

Bytes Rtcp(uint32_t ssrc) { return Bytes{0x81, 201, 0, 7} + Be32(ssrc) + Bytes(24, 0x66); }

namespace {

Bytes Report(uint8_t type, const Bytes& head, const std::vector<uint32_t>& highest) {
  Bytes blocks;
  for (const uint32_t n : highest) blocks = blocks + Be32(8) + Be32(0) + Be32(n) + Bytes(12, 0);
  const size_t words = 1 + (head.size() + blocks.size()) / 4;
  return Bytes{static_cast<uint8_t>(0x80 | highest.size()), type} + Be16(static_cast<uint16_t>(words - 1)) +
         head + blocks;
}

}  // namespace

Bytes ReceiverReport(uint32_t ssrc, const std::vector<uint32_t>& highest) {
  return Report(201, Be32(ssrc), highest);
}

Bytes SenderReport(uint32_t ssrc, const std::vector<uint32_t>& highest) {
  return Report(200, Be32(ssrc) + Bytes(20, 0), highest);
}

}  // namespace candor
