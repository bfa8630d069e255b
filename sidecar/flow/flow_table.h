// SPDX-License-Identifier: Apache-2.0
//
// The user-space counterpart of bpf/flow.bpf.c: IP packets in, flow events out, with the same bpf/ headers.
// Used for captures. Not thread-safe.
// Tested in tests/flow/flow_table_property_test.cc, tests/flow/media_wire_test.cc and
// tests/bpf/differential_test.cc (against the kernel).
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
  size_t max_flows = 65536;  // at the bound an idle flow is evicted and counted
  uint16_t port_min = 0;     // local UDP ports followed, inclusive
  uint16_t port_max = 65535;
};

class FlowTable {
 public:
  explicit FlowTable(FlowTableOptions options) : options_(options) {
    config_.port_min = options.port_min;
    config_.port_max = options.port_max;
  }

  // One packet from its IP header on: `captured` are the captured bytes, `wire_length` the original length.
  // Returns true and fills *event when an event is due. `now` must not decrease within one flow.
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
  size_t hand_ = 0;  // next bucket for eviction
  uint64_t evicted_ = 0;
};

}  // namespace candor
