// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "probe/kernel/kernel_source.h"

namespace candor {

// The verifier of an emulated kernel on a busy machine is slow.
constexpr Duration kLoadTimeout = std::chrono::seconds(120);

// A kernel source with all events that it delivered.
class EventRecorder {
 public:
  explicit EventRecorder(const ProbeOptions& options) : source_(options) {
    while (source_.stage() == KernelSource::Stage::kLoading && InTime()) PollOnce();
    PollOnce();
  }

  // Polls until `done` or 5 s have passed; returns whether it was done.
  template <class Done>
  bool Until(const Done& done) {
    deadline_ = MonotonicNow() + std::chrono::seconds(5);
    while (!done()) {
      if (!InTime()) return false;
      PollOnce();
    }
    return true;
  }
  bool UntilCode(const std::string& code) {
    return Until([&] { return source_.Health().blindness.code == code; });
  }
  // The events of one server's port, oldest first.
  std::vector<FlowEvent> Of(uint16_t local_port) const {
    std::vector<FlowEvent> out;
    for (const auto& e : events_) {
      if (e.key.local_port == local_port) out.push_back(e);
    }
    return out;
  }
  bool UntilPhase(uint16_t local_port, candor_phase phase) {
    return Until([&] {
      const auto events = Of(local_port);
      return !events.empty() && events.back().flow.phase == phase;
    });
  }
  // Drops the events so far: the next server may get the same port.
  void Forget() { events_.clear(); }
  KernelSource& source() { return source_; }

 private:
  bool InTime() const { return MonotonicNow() < deadline_; }
  void PollOnce() {
    const auto n =
        source_.Poll(std::chrono::milliseconds(5), [this](const FlowEvent& e) { events_.push_back(e); });
    if (!n) throw std::runtime_error(n.error().message);
  }

  KernelSource source_;
  std::vector<FlowEvent> events_;
  Time deadline_ = MonotonicNow() + kLoadTimeout;
};

inline ProbeOptions OptionsFor(const std::string& cgroup) {
  ProbeOptions options;
  options.cgroup = cgroup;
  options.load_deadline = kLoadTimeout;
  options.check_interval = std::chrono::milliseconds(1);
  return options;
}

}  // namespace candor
