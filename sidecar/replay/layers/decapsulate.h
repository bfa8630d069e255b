// SPDX-License-Identifier: Apache-2.0
//
// From a captured frame to the innermost IP packet in it. Pure.
//
// An operator's mirror wraps what it copies (ERSPAN, VXLAN, GRE, TZSP), and networks wrap what they carry
// (MPLS, PPPoE, Geneve, IP-in-IP): the outer addresses are those of the mirror or the tunnel's ends, and a
// packet belongs to whom its innermost IP header names.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>

#include "replay/layers/layer.h"

namespace candor {

struct IpPacket {
  std::span<const uint8_t> bytes;  // from the IP header on, as far as captured, without link padding
  uint32_t wire_length = 0;        // of the whole IP packet, in bytes
};

enum class FrameContent : uint8_t {
  kIp,
  kNotIp,        // ARP, LLC, ...: none of ours
  kCut,          // the frame, as captured or as sent, ends inside an encapsulation's or the IP header
  kUnknownLink,  // a link type that Candor does not read
};

// Where to stop: at the first IP header, as the host's own stack meets it, or at the innermost.
enum class Depth : uint8_t { kFirstIp, kInnermostIp };

struct Decapsulated {
  FrameContent answer = FrameContent::kCut;
  IpPacket packet;                      // only on kIp; its fixed IP header is there then
  IpPacket outermost;                   // the first IP packet, which is `packet` where nothing is inside it
  std::bitset<kEncapsulations> inside;  // what stood around it
  std::optional<Opaque> opaque;         // what it, or the frame, carries and what is not read
  std::optional<Slice> udp;             // its UDP payload, looked for with Depth::kInnermostIp only
  bool too_deep = false;                // it carries one more encapsulation than are opened
};

// Encapsulations opened in one frame, VLAN tags not counted: more are no network's but a forger's.
inline constexpr int kMaxEncapsulations = 6;

// `link_type` is a LINKTYPE_* number (link_layer.h), `wire_length`, in bytes, at least the frame's size.
// An outer packet's stated length bounds nothing inside it: mirrors cut the packets that they copy.
Decapsulated Decapsulate(uint16_t link_type, std::span<const uint8_t> frame, uint32_t wire_length,
                         Depth depth);

}  // namespace candor
