// SPDX-License-Identifier: Apache-2.0
#include "replay/packet_intake.h"

namespace candor {
namespace {

void Note(const Decapsulated& decapsulated, EncapsulationCounts* counts) {
  if (decapsulated.inside.any()) {
    for (size_t i = 0; i < kEncapsulations; ++i) counts->read[i] += decapsulated.inside[i] ? 1 : 0;
  }
  if (decapsulated.opaque) ++counts->opaque[static_cast<size_t>(*decapsulated.opaque)];
  if (decapsulated.too_deep) ++counts->too_deep;
}

}  // namespace

bool PacketIntake::Count(const CapturedPacket& packet, const Decapsulated& decapsulated) {
  ++counts_.captured;
  Note(decapsulated, &counts_.encapsulations);
  switch (decapsulated.answer) {
    case FrameContent::kNotIp:
      ++counts_.not_ip;
      return false;
    case FrameContent::kCut:
      ++counts_.cut;
      return false;
    case FrameContent::kUnknownLink:
      ++counts_.unknown_link;
      unknown_link_type_ = packet.link_type;
      return false;
    case FrameContent::kIp:
      break;
  }
  return true;
}

size_t PacketIntake::Take(Time now, const CapturedPacket& packet, const FlowSink& sink) {
  const Decapsulated decapsulated = Decapsulate(packet.link_type, packet.bytes, packet.wire_length, depth_);
  if (!Count(packet, decapsulated)) return 0;
  const IpPacket& ip = decapsulated.packet;
  const IpEndpoints ends = EndpointsOf(ip.bytes);
  const Directions way = node_.Of(ends);
  if (!way.out && !way.in) {
    ++counts_.not_of_node;
    const Directions outer = node_.Of(EndpointsOf(decapsulated.outermost.bytes));
    counts_.tunnel_endpoints += outer.out || outer.in ? 1 : 0;
    others_.Add(ends.source);
    others_.Add(ends.destination);
    return 0;
  }
  ++counts_.of_node;
  counts_.out += way.out ? 1 : 0;
  counts_.in += way.in ? 1 : 0;
  counts_.within += way.out && way.in ? 1 : 0;
  if (depth_ == Depth::kInnermostIp && duplicates_.IsCopy(now, decapsulated)) {
    ++counts_.copies;
    return 0;
  }
  if (decapsulated.udp) counts_.payload.Add(*decapsulated.udp);
  size_t events = 0;
  if (way.out) events += Feed(now, CANDOR_OUT, ip, sink);
  if (way.in) events += Feed(now, CANDOR_IN, ip, sink);
  return events;
}

void PacketIntake::CountLost(const CapturedPacket& packet) {
  const Decapsulated decapsulated = Decapsulate(packet.link_type, packet.bytes, packet.wire_length, depth_);
  if (!Count(packet, decapsulated)) return;
  ++counts_.of_node;
  ++counts_.in;
  if (decapsulated.udp) counts_.payload.Add(*decapsulated.udp);
}

size_t PacketIntake::Feed(Time now, candor_dir dir, const IpPacket& packet, const FlowSink& sink) {
  FlowEvent event;
  if (!table_.Packet(now, dir, packet.bytes, packet.wire_length, 1, &event)) return 0;
  sink(event);
  return 1;
}

}  // namespace candor
