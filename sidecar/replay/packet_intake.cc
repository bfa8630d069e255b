// SPDX-License-Identifier: Apache-2.0
#include "replay/packet_intake.h"

namespace candor {
namespace {

void Note(const Unwrapped& unwrapped, EncapsulationCounts* counts) {
  if (unwrapped.inside.any()) {
    for (size_t i = 0; i < kEncapsulations; ++i) counts->read[i] += unwrapped.inside[i] ? 1 : 0;
  }
  if (unwrapped.sealed) ++counts->sealed[static_cast<size_t>(*unwrapped.sealed)];
  if (unwrapped.too_deep) ++counts->too_deep;
}

}  // namespace

bool PacketIntake::Count(const CapturedPacket& packet, const Unwrapped& unwrapped) {
  ++counts_.captured;
  Note(unwrapped, &counts_.wrapped);
  switch (unwrapped.answer) {
    case Unwrap::kNotIp:
      ++counts_.not_ip;
      return false;
    case Unwrap::kCut:
      ++counts_.cut;
      return false;
    case Unwrap::kUnknownLink:
      ++counts_.unknown_link;
      strange_link_ = packet.link_type;
      return false;
    case Unwrap::kIp:
      break;
  }
  return true;
}

size_t PacketIntake::Take(Time now, const CapturedPacket& packet, const FlowSink& sink) {
  const Unwrapped unwrapped = UnwrapFrame(packet.link_type, packet.bytes, packet.wire_length, depth_);
  if (!Count(packet, unwrapped)) return 0;
  const IpPacket& ip = unwrapped.packet;
  const IpEnds ends = EndsOf(ip.bytes);
  const Directions way = node_.Of(ends);
  if (!way.out && !way.in) {
    ++counts_.not_of_node;
    const Directions outer = node_.Of(EndsOf(unwrapped.outermost.bytes));
    counts_.ends_of_tunnel += outer.out || outer.in ? 1 : 0;
    others_.Note(ends.source);
    others_.Note(ends.destination);
    return 0;
  }
  ++counts_.of_node;
  counts_.out += way.out ? 1 : 0;
  counts_.in += way.in ? 1 : 0;
  counts_.within += way.out && way.in ? 1 : 0;
  if (depth_ == Depth::kInnermostIp && copies_.IsCopy(now, unwrapped)) {
    ++counts_.copies;
    return 0;
  }
  if (unwrapped.udp) counts_.payload.Note(*unwrapped.udp);
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
