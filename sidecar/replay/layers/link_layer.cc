// SPDX-License-Identifier: Apache-2.0
#include "replay/layers/link_layer.h"

#include <array>

#include "replay/layers/frame_layers.h"

namespace candor {
namespace {

enum class Form : uint8_t { kRaw, kEthernet, kCooked, kCooked2, kLoopback, kPpp, kPppoe, kHdlc, kMpls };

struct Link {
  uint16_t type;
  Form form;
  const char* name;
};
constexpr std::array<Link, 15> kLinks = {{
    {1, Form::kEthernet, "Ethernet"},
    {101, Form::kRaw, "raw IP"},
    {12, Form::kRaw, "raw IP (BSD)"},
    {14, Form::kRaw, "raw IP (OpenBSD)"},
    {228, Form::kRaw, "raw IPv4"},
    {229, Form::kRaw, "raw IPv6"},
    {113, Form::kCooked, "Linux cooked"},
    {276, Form::kCooked2, "Linux cooked v2"},
    {0, Form::kLoopback, "BSD loopback"},
    {108, Form::kLoopback, "OpenBSD loopback"},
    {9, Form::kPpp, "PPP"},
    {50, Form::kPpp, "PPP in HDLC framing"},
    {51, Form::kPppoe, "PPPoE"},
    {104, Form::kHdlc, "Cisco HDLC"},
    {219, Form::kMpls, "MPLS"},
}};

const Link* Find(uint16_t type) {
  for (const Link& l : kLinks) {
    if (l.type == type) return &l;
  }
  return nullptr;
}

// The EtherType is at `at`, its payload at `next`.
LayerStep ParseByType(const Slice& frame, size_t at, size_t next) {
  return frame.Has(next) ? ParseEtherType(frame.U16(at), frame.From(next)) : LayerStep::Cut();
}

// The address family, in the byte order of the capturing host (type 0) or of the network (108): the smaller
// reading, as all families are small numbers. IPv4 is 2 on all systems, IPv6 has a number for each.
LayerStep ParseByFamily(const Slice& frame) {
  if (!frame.Has(4)) return LayerStep::Cut();
  const uint32_t family = std::min(ByteOrder{false}.U32(frame.bytes.data()), frame.U32(0));
  const bool ip = family == 2 || family == 10 || family == 24 || family == 28 || family == 30;
  return ip ? LayerStep::To(LayerStep::Kind::kIp, frame.From(4)) : LayerStep::NotIp();
}

}  // namespace

LayerStep ParseLink(uint16_t link_type, const Slice& frame) {
  const Link* link = Find(link_type);
  if (link == nullptr) return LayerStep::To(LayerStep::Kind::kUnknownLink, frame);
  switch (link->form) {
    case Form::kRaw:
      return LayerStep::To(LayerStep::Kind::kIp, frame);
    case Form::kEthernet:
      return ParseEthernet(frame);
    case Form::kCooked:
      return ParseByType(frame, 14, 16);
    case Form::kCooked2:
      return ParseByType(frame, 0, 20);
    case Form::kLoopback:
      return ParseByFamily(frame);
    case Form::kPpp:
      return LayerStep::To(LayerStep::Kind::kPpp, frame);
    case Form::kPppoe:
      return ParseEtherType(ethertype::kPppoeSession, frame);
    case Form::kHdlc:
      return ParseByType(frame, 2, 4);
    case Form::kMpls:
      return LayerStep::To(LayerStep::Kind::kMpls, frame).Inside(Encapsulation::kMpls);
  }
  return LayerStep::To(LayerStep::Kind::kUnknownLink, frame);
}

const char* LinkName(uint16_t link_type) {
  const Link* link = Find(link_type);
  return link == nullptr ? nullptr : link->name;
}

}  // namespace candor
