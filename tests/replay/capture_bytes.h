// SPDX-License-Identifier: Apache-2.0
//
// Capture files built byte by byte from their formats.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace candor::testing {

using Bytes = std::vector<uint8_t>;

inline Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Integers in the order of the file's writer.
struct Writer {
  bool big = false;

  Bytes Int(uint64_t value, unsigned bytes) const {
    Bytes out(bytes);
    for (unsigned i = 0; i < bytes; ++i) {
      out[big ? bytes - 1 - i : i] = static_cast<uint8_t>(value >> (8 * i));
    }
    return out;
  }
  Bytes U16(uint64_t v) const { return Int(v, 2); }
  Bytes U32(uint64_t v) const { return Int(v, 4); }
  Bytes U64(uint64_t v) const { return Int(v, 8); }

  Bytes PcapHeader(uint32_t magic, uint32_t link_type) const {
    return U32(magic) + U16(2) + U16(4) + U32(0) + U32(0) + U32(65535) + U32(link_type);
  }
  Bytes PcapPacket(uint32_t seconds, uint32_t fraction, const Bytes& data, uint32_t wire = 0) const {
    return U32(seconds) + U32(fraction) + U32(data.size()) + U32(wire == 0 ? data.size() : wire) + data;
  }

  Bytes Block(uint32_t type, Bytes body) const {
    body.resize((body.size() + 3) / 4 * 4);
    const uint64_t length = body.size() + 12;
    return U32(type) + U32(length) + body + U32(length);
  }
  Bytes Option(uint16_t code, Bytes value) const {
    const Bytes head = U16(code) + U16(value.size());
    value.resize((value.size() + 3) / 4 * 4);
    return head + value;
  }
  Bytes Section() const { return Block(0x0a0d0d0a, U32(0x1a2b3c4d) + U16(1) + U16(0) + U64(~uint64_t{0})); }
  Bytes Interface(uint16_t link_type, uint32_t snap_length = 0, const Bytes& options = {}) const {
    return Block(1, U16(link_type) + U16(0) + U32(snap_length) + options);
  }
  Bytes Enhanced(uint32_t interface, uint64_t ticks, const Bytes& data, uint32_t wire = 0) const {
    return Block(6, U32(interface) + U32(ticks >> 32) + U32(ticks & 0xffffffffu) + U32(data.size()) +
                        U32(wire == 0 ? data.size() : wire) + data);
  }
  Bytes Obsolete(uint16_t interface, uint64_t ticks, const Bytes& data) const {
    return Block(2, U16(interface) + U16(0) + U32(ticks >> 32) + U32(ticks & 0xffffffffu) + U32(data.size()) +
                        U32(data.size()) + data);
  }
  Bytes Simple(uint32_t wire, const Bytes& data) const { return Block(3, U32(wire) + data); }
  Bytes Statistics(uint32_t interface, uint64_t dropped) const {
    return Block(5, U32(interface) + U64(0) + Option(5, U64(dropped)) + Option(0, {}));
  }
};

inline constexpr uint32_t kMicroMagic = 0xa1b2c3d4, kNanoMagic = 0xa1b23c4d, kModifiedMagic = 0xa1b2cd34;

// IPv4 and UDP around `payload`. Addresses in host order.
inline Bytes Udp4(uint32_t from, uint16_t from_port, uint32_t to, uint16_t to_port, const Bytes& payload) {
  const Writer n{true};
  const Bytes ip =
      Bytes{0x45, 0} + n.U16(28 + payload.size()) + Bytes{0, 0, 0, 0, 64, 17, 0, 0} + n.U32(from) + n.U32(to);
  return ip + n.U16(from_port) + n.U16(to_port) + n.U16(8 + payload.size()) + n.U16(0) + payload;
}

// IPv6 and UDP around `payload`; the addresses are 2001:db8:: with the given last four bytes.
inline Bytes Udp6(uint32_t from, uint16_t from_port, uint32_t to, uint16_t to_port, const Bytes& payload) {
  const Writer n{true};
  const Bytes prefix = Bytes{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0};
  const Bytes ip = Bytes{0x60, 0, 0, 0} + n.U16(8 + payload.size()) + Bytes{17, 64} + prefix + n.U32(from) +
                   prefix + n.U32(to);
  return ip + n.U16(from_port) + n.U16(to_port) + n.U16(8 + payload.size()) + n.U16(0) + payload;
}

inline Bytes Ethernet(uint16_t type, const Bytes& payload, std::vector<uint16_t> vlan_types = {}) {
  const Writer n{true};
  Bytes frame(12, 0x02);
  for (const uint16_t vlan : vlan_types) frame = frame + n.U16(vlan) + n.U16(100);
  return frame + n.U16(type) + payload;
}

// 12 bytes of RTP (RFC 3550 section 5.1) and `extra` of payload.
inline Bytes Rtp(uint16_t sequence, uint32_t ssrc, size_t extra = 20) {
  const Writer n{true};
  return Bytes{0x80, 0} + n.U16(sequence) + n.U32(sequence * 160u) + n.U32(ssrc) + Bytes(extra, 0x5a);
}

}  // namespace candor::testing
