// SPDX-License-Identifier: Apache-2.0
//
// From a captured frame to the IP packet in it. Pure.
#pragma once

#include <cstdint>
#include <span>

namespace candor {

struct IpPacket {
  std::span<const uint8_t> bytes;  // from the IP header on, as far as captured, without link padding
  uint32_t wire_length = 0;        // of the whole IP packet, in bytes
};

enum class Unwrap : uint8_t {
  kIp,
  kNotIp,        // ARP, LLC, ...: none of ours
  kCut,          // the frame, as captured or as sent, ends inside the IP header's fixed part
  kUnknownLink,  // a link type that Candor does not read
};

// Ethernet with any stack of VLAN tags (IEEE 802.1Q, 802.1ad), raw IP, Linux cooked v1 and v2, BSD
// loopback; `link_type` is a LINKTYPE_* number (https://www.tcpdump.org/linktypes.html), `wire_length`, in
// bytes, at least the frame's size. `packet` is set only on kIp; its fixed IP header is there then.
Unwrap UnwrapLink(uint16_t link_type, std::span<const uint8_t> frame, uint32_t wire_length, IpPacket* packet);

// "Ethernet" and so on; nullptr for a link type that is not read.
const char* LinkName(uint16_t link_type);

}  // namespace candor
