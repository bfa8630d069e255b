// SPDX-License-Identifier: Apache-2.0
//
// A source that delivers what the test queued.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "flow/flow_source.h"

namespace candor {

// What a FakeSource shows and was asked; shared, because its owner takes the source away.
struct FakeControl {
  std::deque<FlowEvent> queue;
  SourceHealth health;
  bool fail = false;  // the next Poll() is the last
  bool ended = false;
  int polls = 0;
  int sweeps = 0;
  std::atomic<int> wakings = 0;
  bool can_wake = false;
  std::deque<LostPacket> lost;
  SessionCounts sessions;
  std::vector<FlowKey> held;        // what a sweep visits
  std::vector<uint16_t> forgotten;  // local ports
  Duration last_timeout{};
};

class FakeSource final : public FlowSource {
 public:
  explicit FakeSource(FakeControl& control) : control_(control) {}
  ~FakeSource() override { control_.ended = true; }

  Result<size_t> Poll(Duration timeout, const std::function<void(const FlowEvent&)>& sink) override {
    ++control_.polls;
    control_.last_timeout = timeout;
    if (control_.fail) return Fail("the interface went away");
    size_t n = 0;
    for (; !control_.queue.empty(); control_.queue.pop_front(), ++n) sink(control_.queue.front());
    return n;
  }
  void Wake() override { ++control_.wakings; }
  bool CanWake() const override { return control_.can_wake; }
  bool Lookup(const FlowKey&, FlowState*) override { return false; }
  void Forget(const FlowKey& key) override { control_.forgotten.push_back(key.local_port); }
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    ++control_.sweeps;
    control_.health.blindness = {};  // as the kernel source: reading the whole map ends the blindness
    for (const FlowKey& key : control_.held) visit(key, FlowState{});
  }
  bool NeedsSweep() const override { return control_.health.blindness.code == "ring_overflow"; }
  NodeActivity Activity() override { return {}; }
  void TakeLost(const std::function<void(const LostPacket&)>& sink) override {
    for (; !control_.lost.empty(); control_.lost.pop_front()) sink(control_.lost.front());
  }
  SessionCounts Sessions() override { return control_.sessions; }
  SourceHealth Health() const override { return control_.health; }

 private:
  FakeControl& control_;
};

}  // namespace candor
