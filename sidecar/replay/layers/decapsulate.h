// SPDX-License-Identifier: Apache-2.0
//
// Finds the innermost IP packet of a captured frame. Pure.
//
// Port mirrors (ERSPAN, VXLAN, GRE, TZSP) and networks (MPLS, PPPoE, Geneve, IP-in-IP) encapsulate packets:
// the outer addresses are those of the mirror or the tunnel, the innermost IP header has those of the hosts.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>

#include "replay/layers/layer.h"

namespace candor {

struct IpPacket {
  std::span<const uint8_t> bytes;  // captured, from the IP header, without padding of the link layer
  uint32_t wire_length = 0;        // of the whole IP packet, in bytes
};

enum class FrameContent : uint8_t {
  kIp,
  kNotIp,        // ARP, LLC, ...
  kCut,          // the frame, as captured or as sent, ends inside a header
  kUnknownLink,  // a link type that is not read
};

// The IP header to stop at: the first, which the IP stack of the host sees, or the innermost.
enum class Depth : uint8_t { kFirstIp, kInnermostIp };

struct Decapsulated {
  FrameContent answer = FrameContent::kCut;
  IpPacket packet;                      // on kIp only; with the fixed IP header at least
  IpPacket outermost;                   // the first IP packet; equal to `packet` without a tunnel
  std::bitset<kEncapsulations> inside;  // the encapsulations of `packet`
  std::optional<Opaque> opaque;         // its payload, or that of the frame, when not parsed
  std::optional<Slice> udp;             // its UDP payload; with Depth::kInnermostIp only
  bool too_deep = false;                // it is in more than kMaxEncapsulations
};

// Of one frame, without VLAN tags; real networks use fewer.
inline constexpr int kMaxEncapsulations = 6;

// `link_type` is a LINKTYPE_* number (link_layer.h), `wire_length`, in bytes, at least the frame's size.
// The length in an outer header does not limit the inner packet: mirrors truncate the packets that they copy.
Decapsulated Decapsulate(uint16_t link_type, std::span<const uint8_t> frame, uint32_t wire_length,
                         Depth depth);

}  // namespace candor
