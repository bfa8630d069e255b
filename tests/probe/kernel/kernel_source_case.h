// SPDX-License-Identifier: Apache-2.0
//
// A kernel source over an in-memory kernel, with time as a parameter.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "probe/kernel/kernel_source.h"
#include "tests/probe/drops/fake_drops.h"
#include "tests/probe/sessions/fake_sessions.h"

namespace candor {

// The kernel's data in memory; the test owns it and the probe points to it.
struct FakeKernel {
  std::deque<FlowEvent> ring;
  std::map<uint16_t, FlowState> flows;  // by local port
  Counters counters{};
  Blindness attach_answer;
  bool attached = true;
  bool owner = true;  // false: another candord reads the ring
  bool readable = true;
  int attach_calls = 0;
  int descriptor = -1;  // of the ring
  std::string target = "/cg/media";
};

inline FlowKey KeyOf(uint16_t port) {
  FlowKey k{};
  k.local_port = port;
  return k;
}

class FakeProbe final : public ProbeHandle {
 public:
  explicit FakeProbe(FakeKernel* kernel) : kernel_(kernel) {}
  Result<size_t> PollRing(Duration, const std::function<void(const FlowEvent&)>& sink) override {
    const auto events = std::exchange(kernel_->ring, {});
    for (const auto& e : events) sink(e);
    return events.size();
  }
  bool Lookup(const FlowKey& key, FlowState* state) override {
    const auto it = kernel_->flows.find(key.local_port);
    if (it == kernel_->flows.end()) return false;
    *state = it->second;
    return true;
  }
  bool Erase(const FlowKey& key) override { return kernel_->flows.erase(key.local_port) == 1; }
  Result<size_t> ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    for (const auto& [port, state] : kernel_->flows) visit(KeyOf(port), state);
    return kernel_->flows.size();
  }
  Result<Counters> ReadCounters() override {
    if (!kernel_->readable) return FailErrno("cannot read the counters", EPERM);
    return kernel_->counters;
  }
  NodeActivity ReadActivity() override { return {TimeFromNanos(5), TimeFromNanos(6)}; }
  Blindness Attach() override {
    ++kernel_->attach_calls;
    kernel_->attached = !kernel_->attach_answer.blind();
    return kernel_->attach_answer;
  }
  bool StillAttached() override { return kernel_->attached; }
  int RingDescriptor() const override { return kernel_->descriptor; }
  bool OwnsRing() override { return kernel_->owner; }
  std::string Target() const override { return kernel_->target; }

 private:
  FakeKernel* kernel_;
};

class KernelSourceTest : public testing::Test {
 protected:
  // A source whose loader returns `blindness` (of the attach), polled until the load is done.
  std::unique_ptr<KernelSource> Load(Blindness blindness = {}, bool taken_over = false) {
    auto source = std::make_unique<KernelSource>(
        options_,
        [this, blindness, taken_over] {
          candor::LoadResult loaded{std::make_unique<FakeProbe>(&kernel_), blindness, taken_over, {}};
          if (sessions_) loaded.sessions = {std::make_unique<FakeSessions>(sessions_), ""};
          if (drops_) loaded.drops = {std::make_unique<FakeDrops>(drops_), "", {"udp_memory"}};
          return loaded;
        },
        [this] { return now_; });
    while (source->stage() == KernelSource::Stage::kLoading) Poll(*source);
    return source;
  }
  size_t Poll(KernelSource& source) {
    return source
        .Poll(std::chrono::milliseconds(10),
              [this](const FlowEvent& e) { delivered_ports_.push_back(e.key.local_port); })
        .value();
  }
  // One check interval later.
  void PollLater(KernelSource& source) {
    now_ += options_.check_interval;
    Poll(source);
  }

  ProbeOptions options_ = [] {
    ProbeOptions o;
    o.proc = "/nonexistent";
    return o;
  }();
  FakeKernel kernel_;
  FakeDrops::Kernel* drops_ = nullptr;
  FakeSessions::Kernel* sessions_ = nullptr;
  Time now_ = TimeFromNanos(1'000'000'000);
  std::vector<uint16_t> delivered_ports_;
};

}  // namespace candor
