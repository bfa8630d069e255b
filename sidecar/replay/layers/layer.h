// SPDX-License-Identifier: Apache-2.0
//
// The result of parsing one header: its payload and the kind of that. Values of link_layer, frame_layers and
// ip_layers. Pure.
// Tested by tests/replay/layers/decapsulate_test.cc.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

#include "replay/byte_order.h"
#include "replay/layers/encapsulation.h"

namespace candor {

// The captured part of a header and its payload.
struct Slice {
  std::span<const uint8_t> bytes;  // captured
  uint32_t wire = 0;               // bytes on the wire

  bool Has(size_t n) const { return bytes.size() >= n; }
  uint8_t U8(size_t at) const { return bytes[at]; }
  uint16_t U16(size_t at) const { return kNetworkOrder.U16(bytes.data() + at); }
  uint32_t U32(size_t at) const { return kNetworkOrder.U32(bytes.data() + at); }
  // Without its first `n` bytes, which were captured.
  Slice From(size_t n) const { return {bytes.subspan(n), wire - std::min(wire, static_cast<uint32_t>(n))}; }
};

struct LayerStep {
  enum class Kind : uint8_t {
    kEthernet,
    kEtherType,  // `slice` holds the protocol `type`
    kPpp,        // from the address and control bytes, or from the protocol field
    kMpls,       // from the first label
    kIp,
    kPlain,     // an IP packet without a packet inside; `slice` is not set
    kPlainUdp,  // the same, with `slice` as its UDP payload
    kNotIp,
    kCut,
    kUnknownLink,
  };
  Kind kind = Kind::kCut;
  Slice slice;
  uint16_t type = 0;
  std::optional<Encapsulation> entered;
  std::optional<Opaque> opaque;

  static LayerStep Cut() { return {}; }
  static LayerStep NotIp() { return {Kind::kNotIp, {}, 0, {}, {}}; }
  static LayerStep Plain() { return {Kind::kPlain, {}, 0, {}, {}}; }
  static LayerStep PlainUdp(const Slice& payload) { return {Kind::kPlainUdp, payload, 0, {}, {}}; }
  static LayerStep To(Kind kind, Slice slice) { return {kind, slice, 0, {}, {}}; }
  static LayerStep ToType(uint16_t type, Slice slice) { return {Kind::kEtherType, slice, type, {}, {}}; }
  // A frame, or an IP packet, with a payload that is recognized and not parsed.
  static LayerStep OpaqueFrame(Opaque s) { return {Kind::kNotIp, {}, 0, {}, s}; }
  static LayerStep OpaquePacket(Opaque s) { return {Kind::kPlain, {}, 0, {}, s}; }
  LayerStep Inside(Encapsulation e) const {
    LayerStep s = *this;
    s.entered = e;
    return s;
  }
};

namespace ethertype {
inline constexpr uint16_t kIp4 = 0x0800, kIp6 = 0x86dd;
inline constexpr uint16_t kVlan = 0x8100, kProvider = 0x88a8, kOldProvider = 0x9100, kOldProvider2 = 0x9200;
inline constexpr uint16_t kMpls = 0x8847, kMplsUpstream = 0x8848, kPppoeSession = 0x8864;
inline constexpr uint16_t kBridged = 0x6558;  // Transparent Ethernet Bridging (RFC 7637)
inline constexpr uint16_t kPpp = 0x880b, kErspan2 = 0x88be, kErspan3 = 0x22eb;
inline constexpr uint16_t kMacsec = 0x88e5, kPbb = 0x88e7, kTrill = 0x22f3, kNsh = 0x894f;
}  // namespace ethertype

}  // namespace candor
