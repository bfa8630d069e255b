// SPDX-License-Identifier: Apache-2.0
#include "replay/packet_intake.h"

namespace candor {

size_t PacketIntake::Take(Time now, const CapturedPacket& packet, const FlowSink& sink) {
  ++counts_.captured;
  IpPacket ip;
  switch (UnwrapLink(packet.link_type, packet.bytes, packet.wire_length, &ip)) {
    case Unwrap::kNotIp:
      ++counts_.not_ip;
      return 0;
    case Unwrap::kCut:
      ++counts_.cut;
      return 0;
    case Unwrap::kUnknownLink:
      ++counts_.unknown_link;
      strange_link_ = packet.link_type;
      return 0;
    case Unwrap::kIp:
      break;
  }
  const IpEnds ends = EndsOf(ip.bytes);
  const Directions way = node_.Of(ends);
  if (!way.out && !way.in) {
    ++counts_.not_of_node;
    others_.Note(ends.source);
    others_.Note(ends.destination);
    return 0;
  }
  ++counts_.of_node;
  size_t events = 0;
  if (way.out) events += Feed(now, CANDOR_OUT, ip, sink);
  if (way.in) events += Feed(now, CANDOR_IN, ip, sink);
  return events;
}

size_t PacketIntake::Feed(Time now, candor_dir dir, const IpPacket& packet, const FlowSink& sink) {
  FlowEvent event;
  if (!table_.Packet(now, dir, packet.bytes, packet.wire_length, 1, &event)) return 0;
  sink(event);
  return 1;
}

}  // namespace candor
