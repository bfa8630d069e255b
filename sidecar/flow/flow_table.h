// SPDX-License-Identifier: Apache-2.0
//
// The user-space twin of bpf/flow.bpf.c: raw IP packets in, flow events out, through the very same bpf/
// headers. Captures run through it, and the differential test holds it against the kernel. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>

#include "base/time.h"
#include "flow/counters.h"
#include "flow/flow.h"
#include "flow/flow_source.h"

struct candor_packet;

namespace candor {

struct FlowTableOptions {
  size_t max_flows = 65536;  // at the bound an idle flow makes room, counted
  uint16_t port_min = 0;     // local UDP ports followed, inclusive
  uint16_t port_max = 65535;
};

class FlowTable {
 public:
  explicit FlowTable(FlowTableOptions options) : options_(options) {
    config_.port_min = options.port_min;
    config_.port_max = options.port_max;
  }

  // One packet from its IP header on: `captured` holds the bytes that are there, `wire_length` how many
  // there were. Returns true and fills *event when the flow's change is worth telling. `now` must not run
  // backwards within one flow.
  bool Packet(Time now, candor_dir dir, std::span<const uint8_t> captured, size_t wire_length,
              uint16_t segments, FlowEvent* event);

  bool Lookup(const FlowKey& key, FlowState* state) const;
  void Forget(const FlowKey& key) { flows_.erase(key); }
  template <class Visit>
  void ForEach(const Visit& visit) const {
    for (const auto& [key, state] : flows_) visit(key, state);
  }

  Counters counters() const;
  NodeActivity activity() const { return activity_; }
  size_t size() const { return flows_.size(); }
  uint64_t evicted() const { return evicted_; }

 private:
  using Map = std::unordered_map<FlowKey, FlowState, FlowKeyHash, FlowKeyEqual>;

  FlowState* FindOrStart(const FlowKey& key, const candor_packet& packet);
  void EvictOne();

  FlowTableOptions options_;
  candor_config config_{};
  Map flows_;
  candor_counters counters_{};
  NodeActivity activity_;
  size_t hand_ = 0;  // next bucket that eviction looks at
  uint64_t evicted_ = 0;
};

}  // namespace candor
