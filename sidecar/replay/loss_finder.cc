// SPDX-License-Identifier: Apache-2.0
#include "replay/loss_finder.h"

#include <algorithm>

#include "base/fnv1a.h"
#include "flow/lost_reason.h"
#include "replay/layers/decapsulate.h"

namespace candor {
namespace {

constexpr size_t kPorts = 8;  // bytes of the UDP header before the payload
constexpr size_t kPayload = 20;

LostPacket LostOf(const IdentifiedPacket& p, Time at) {
  LostPacket lost;
  lost.at = at;
  lost.direction = p.direction;
  lost.reason = kNotDelivered;
  lost.length = static_cast<uint16_t>(std::min<uint32_t>(p.wire_length, UINT16_MAX));
  lost.captured = static_cast<uint16_t>(std::min(p.bytes.size(), lost.head.size()));
  std::copy_n(p.bytes.begin(), lost.captured, lost.head.begin());
  return lost;
}

}  // namespace

std::optional<IdentifiedPacket> Identify(const CapturedPacket& packet, const NodeAddresses& node) {
  const Decapsulated d = Decapsulate(packet.link_type, packet.bytes, packet.wire_length, Depth::kInnermostIp);
  if (d.answer != FrameContent::kIp || !d.udp || d.udp->bytes.empty()) return std::nullopt;
  const auto payload = d.udp->bytes;
  if (payload.size() < kPayload && payload.size() < d.udp->wire) return std::nullopt;  // cut by the capture
  const IpEndpoints ends = EndpointsOf(d.packet.bytes);
  const Directions way = node.Of(ends);
  if (way.in == way.out) return std::nullopt;
  IdentifiedPacket p;
  p.direction = way.out ? CANDOR_OUT : CANDOR_IN;
  p.bytes = d.packet.bytes;
  p.wire_length = d.packet.wire_length;
  p.content = Fnv1a64(std::span<const uint8_t>(ends.source.bytes));
  p.content = Fnv1a64(std::span<const uint8_t>(ends.destination.bytes), p.content);
  p.content = Fnv1a64(std::span(payload.data() - kPorts, 4), p.content);
  p.content = Fnv1a64(payload.first(std::min(payload.size(), kPayload)), p.content);
  return p;
}

// Takes the first one of this content within the window around `at`: each matches one.
bool LossFinder::Match(Side* side, uint64_t content, Time at) {
  const auto it = side->unmatched.find(content);
  if (it == side->unmatched.end()) return false;
  while (!it->second.empty() && it->second.front() < at - kWindow) it->second.pop_front();
  if (!it->second.empty() && it->second.front() > at + kWindow) return false;
  const bool found = !it->second.empty();
  if (found) it->second.pop_front();
  if (it->second.empty()) side->unmatched.erase(it);
  return found;
}

void LossFinder::Forget(Side* side, Time before) {
  for (; !side->order.empty() && side->order.front().first < before; side->order.pop_front()) {
    const auto& [at, content] = side->order.front();
    const auto it = side->unmatched.find(content);
    if (it == side->unmatched.end() || it->second.front() > at) continue;  // matched
    it->second.pop_front();
    if (it->second.empty()) side->unmatched.erase(it);
  }
}

// Packets of the direction `waits` are lost here unless the other capture has them.
Result<void> LossFinder::Read(Side* side, candor_dir waits, Time limit) {
  while (!side->ended) {
    if (!side->has_next) {
      const auto more = side->reader.Next(&side->next);
      if (!more) return tl::make_unexpected(more.error());
      side->ended = !*more;
      side->has_next = *more;
      if (!side->has_next) break;
      if (side->next.time == Time{}) side->next.time = TimeFromNanos(1);
    }
    const Time at = side->next.time;
    side->begin = std::min(side->begin, at);
    if (at > limit) break;
    side->has_next = false;
    side->last = at;
    const auto p = Identify(side->next, node_);
    if (!p) continue;
    if (p->direction == waits) side->waiting.push_back({p->content, LostOf(*p, at)});
    if (p->direction != waits)
      side->unmatched[p->content].push_back(at), side->order.emplace_back(at, p->content);
  }
  return {};
}

void LossFinder::Decide(Side* side, Side* other, Time limit, const std::function<void(const Loss&)>& sink) {
  for (; !side->waiting.empty() && side->waiting.front().packet.at < limit; side->waiting.pop_front()) {
    const Loss& loss = side->waiting.front();
    const Time at = loss.packet.at;
    // Where nothing reaches a socket any more, its capture has no packet either; the wire always has some.
    const bool over = other == &wire_ && other->ended && at > other->last;
    if (!Match(other, loss.content, at) && at >= other->begin && !over) sink(loss);
  }
}

Result<void> LossFinder::Until(Time limit, const std::function<void(const Loss&)>& sink) {
  const Time ahead = limit + kWindow;
  if (auto read = Read(&wire_, CANDOR_IN, ahead); !read) return read;
  if (auto read = Read(&socket_, CANDOR_OUT, ahead); !read) return read;
  Decide(&wire_, &socket_, limit, sink);
  Decide(&socket_, &wire_, limit, sink);
  for (Side* side : {&wire_, &socket_}) Forget(side, limit - kWindow);
  return {};
}

}  // namespace candor
