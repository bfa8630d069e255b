// SPDX-License-Identifier: Apache-2.0
//
// One step from a header to what it carries: the common ground of link_layer, frame_layers and ip_layers.
// Pure values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

#include "replay/byte_order.h"
#include "replay/layers/encapsulation.h"

namespace candor {

// A header with all behind it.
struct Slice {
  std::span<const uint8_t> bytes;  // as far as captured
  uint32_t wire = 0;               // how many there were on the wire

  bool Has(size_t n) const { return bytes.size() >= n; }
  uint8_t U8(size_t at) const { return bytes[at]; }
  uint16_t U16(size_t at) const { return kNetworkOrder.U16(bytes.data() + at); }
  uint32_t U32(size_t at) const { return kNetworkOrder.U32(bytes.data() + at); }
  // `n` bytes further; they must be there.
  Slice From(size_t n) const { return {bytes.subspan(n), wire - std::min(wire, static_cast<uint32_t>(n))}; }
};

// What was found, and where it begins.
struct LayerStep {
  enum class Kind : uint8_t {
    kEthernet,
    kEtherType,  // `type` names what stands at `slice`
    kPpp,        // from the address and control bytes or the protocol field on
    kMpls,       // from the first label on
    kIp,
    kPlain,     // an IP packet that carries no further one; `slice` is not set
    kPlainUdp,  // ... whose payload as UDP is at `slice`
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
  // A frame, or an IP packet, whose content is not read.
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
