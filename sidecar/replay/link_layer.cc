// SPDX-License-Identifier: Apache-2.0
#include "replay/link_layer.h"

#include <algorithm>
#include <array>

#include "replay/byte_order.h"

namespace candor {
namespace {

using Bytes = std::span<const uint8_t>;

enum class Kind : uint8_t { kRaw, kEthernet, kCooked, kCooked2, kLoopback };

struct Link {
  uint16_t type;
  Kind kind;
  const char* name;
};
constexpr std::array<Link, 10> kLinks = {{
    {1, Kind::kEthernet, "Ethernet"},
    {101, Kind::kRaw, "raw IP"},
    {12, Kind::kRaw, "raw IP (BSD)"},
    {14, Kind::kRaw, "raw IP (OpenBSD)"},
    {228, Kind::kRaw, "raw IPv4"},
    {229, Kind::kRaw, "raw IPv6"},
    {113, Kind::kCooked, "Linux cooked"},
    {276, Kind::kCooked2, "Linux cooked v2"},
    {0, Kind::kLoopback, "BSD loopback"},
    {108, Kind::kLoopback, "OpenBSD loopback"},
}};

const Link* Find(uint16_t type) {
  for (const Link& l : kLinks) {
    if (l.type == type) return &l;
  }
  return nullptr;
}

// The link header of the packet, to be stepped over.
struct Header {
  Unwrap answer = Unwrap::kCut;
  size_t bytes = 0;
};

// `at` is where the EtherType stands, `next` where its payload begins; each VLAN tag in between has two
// bytes of its own and the EtherType of what follows.
Header ByEtherType(Bytes frame, size_t at, size_t next) {
  while (frame.size() >= next) {
    const uint16_t type = kNetworkOrder.U16(frame.data() + at);
    if (type == 0x0800 || type == 0x86dd) return {Unwrap::kIp, next};
    if (type != 0x8100 && type != 0x88a8 && type != 0x9100) return {Unwrap::kNotIp, 0};
    at = next + 2;
    next += 4;
  }
  return {};
}

// The address family, in the order of the capturing host (type 0) or of the network (108); only small
// numbers are in use, so that the order shows. 2 is IPv4 everywhere, IPv6 has a number per system.
Header ByFamily(Bytes frame) {
  if (frame.size() < 4) return {};
  const uint32_t little = ByteOrder{false}.U32(frame.data()), big = kNetworkOrder.U32(frame.data());
  const uint32_t family = std::min(little, big);
  const bool ip = family == 2 || family == 10 || family == 24 || family == 28 || family == 30;
  return {ip ? Unwrap::kIp : Unwrap::kNotIp, 4};
}

Header Measure(Kind kind, Bytes frame) {
  switch (kind) {
    case Kind::kRaw:
      return {Unwrap::kIp, 0};
    case Kind::kEthernet:
      return ByEtherType(frame, 12, 14);
    case Kind::kCooked:
      return ByEtherType(frame, 14, 16);
    case Kind::kCooked2:
      return ByEtherType(frame, 0, 20);
    case Kind::kLoopback:
      return ByFamily(frame);
  }
  return {Unwrap::kUnknownLink, 0};
}

// The length that the IP header itself states; 0 where it leaves that open (segmentation offload, jumbo).
uint32_t StatedLength(Bytes ip, bool v6) {
  if (!v6) return kNetworkOrder.U16(ip.data() + 2);
  const uint32_t payload = kNetworkOrder.U16(ip.data() + 4);
  return payload == 0 ? 0 : payload + 40;
}

}  // namespace

Unwrap UnwrapLink(uint16_t link_type, Bytes frame, uint32_t wire_length, IpPacket* packet) {
  const Link* link = Find(link_type);
  if (link == nullptr) return Unwrap::kUnknownLink;
  const Header header = Measure(link->kind, frame);
  if (header.answer != Unwrap::kIp) return header.answer;
  const Bytes ip = frame.subspan(header.bytes);
  if (ip.empty()) return Unwrap::kCut;
  const unsigned version = ip[0] >> 4;
  if (version != 4 && version != 6) return Unwrap::kNotIp;
  const uint32_t fixed = version == 4 ? 20 : 40;
  if (ip.size() < fixed) return Unwrap::kCut;
  uint32_t length = wire_length - static_cast<uint32_t>(header.bytes);
  // Ethernet pads short frames: what follows the IP packet is not part of it.
  if (const uint32_t stated = StatedLength(ip, version == 6); stated != 0) length = std::min(length, stated);
  if (length < fixed) return Unwrap::kCut;
  *packet = {ip.first(std::min<size_t>(ip.size(), length)), length};
  return Unwrap::kIp;
}

const char* LinkName(uint16_t link_type) {
  const Link* link = Find(link_type);
  return link == nullptr ? nullptr : link->name;
}

}  // namespace candor
