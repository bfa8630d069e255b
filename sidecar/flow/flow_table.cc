// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_table.h"

#include <algorithm>

#include "flow/state_machine.h"

namespace candor {
namespace {

uint64_t LastHeard(const FlowState& f) { return std::max({f.first_ns, f.last_in_ns, f.last_out_ns}); }

}  // namespace

bool FlowTable::Packet(Time now, candor_dir dir, std::span<const uint8_t> captured, size_t wire_length,
                       uint16_t segments, FlowEvent* event) {
  const candor_bytes bytes{captured.data(), static_cast<uint32_t>(captured.size()),
                           static_cast<uint32_t>(wire_length)};
  candor_udp udp{};
  candor_packet packet{};
  if (!candor_read(&bytes, dir, segments, &config_, &counters_, &udp, &packet)) return false;

  FlowState* flow = FindOrStart(udp.key, packet);
  if (flow == nullptr) return false;
  (dir == CANDOR_IN ? activity_.last_in : activity_.last_out) = now;
  if (candor_is_steady(flow, &packet, dir, NanosOf(now))) {
    candor_flow_touch(flow, packet.segments, dir, NanosOf(now));
    return false;
  }
  if (!candor_flow_step(flow, &packet, dir, NanosOf(now))) return false;
  ++counters_.n[CANDOR_C_EVENTS];
  *event = FlowEvent{now, udp.key, *flow};
  return true;
}

Counters FlowTable::counters() const {
  Counters out{};
  std::copy(std::begin(counters_.n), std::end(counters_.n), out.begin());
  return out;
}

bool FlowTable::Lookup(const FlowKey& key, FlowState* state) const {
  const auto it = flows_.find(key);
  if (it == flows_.end()) return false;
  *state = it->second;
  return true;
}

FlowState* FlowTable::FindOrStart(const FlowKey& key, const candor_packet& packet) {
  const auto it = flows_.find(key);
  if (it != flows_.end()) return &it->second;
  if (!candor_may_start(&key, &packet)) return nullptr;
  if (flows_.size() >= options_.max_flows) EvictOne();
  ++counters_.n[CANDOR_C_FLOWS_NEW];
  return &flows_.emplace(key, FlowState{}).first->second;
}

// Sampled LRU as in the kernel: evicts the least recently active of the next 16 flows. Constant cost for any
// size.
void FlowTable::EvictOne() {
  constexpr int kSample = 16;
  auto oldest = flows_.end();
  int seen = 0;
  for (size_t walked = 0; seen < kSample && walked < flows_.bucket_count(); ++walked) {
    hand_ = (hand_ + 1) % flows_.bucket_count();
    for (auto it = flows_.begin(hand_); it != flows_.end(hand_); ++it, ++seen) {
      const auto candidate = flows_.find(it->first);
      if (oldest == flows_.end() || LastHeard(candidate->second) < LastHeard(oldest->second)) {
        oldest = candidate;
      }
    }
  }
  if (oldest == flows_.end()) return;
  flows_.erase(oldest);
  ++evicted_;
}

}  // namespace candor
