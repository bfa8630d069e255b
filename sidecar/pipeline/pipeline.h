// SPDX-License-Identifier: Apache-2.0
//
// The straight line as one object: flow events in, a verdict out. Pure but for the FlowSource; driven by
// one thread. candord drives it from the kernel, candorctl replay from a capture.
#pragma once

#include <functional>

#include "attempt/attempt_tracker.h"
#include "verdict/judge.h"

namespace candor {

struct PipelineOptions {
  AttemptOptions attempt;
  JudgeOptions judge;
};

class Pipeline {
 public:
  // `on_change` is called, on the driving thread, with every new state or reason, first to last.
  Pipeline(PipelineOptions options, std::function<void(const Verdict&)> on_change);

  // When the source began to look; before the first OnFlow().
  void Begin(Time at) { tracker_.Begin(at); }
  void OnFlow(const FlowEvent& e) { tracker_.OnFlow(e); }
  // After lost events: takes every flow as `source` holds it at `now`.
  void Reconcile(Time now, FlowSource& source);
  // Settles what is due at `now` and judges. Call every JudgeOptions::tick.
  const Verdict& Tick(Time now, FlowSource& source);

  // What is usual on this node, as of Judge.
  std::string SaveBaseline() const { return judge_.SaveBaseline(); }
  Result<void> RestoreBaseline(std::string_view text, Duration age, Time now) {
    return judge_.RestoreBaseline(text, age, now);
  }
  void ResetBaseline() { judge_.ResetBaseline(); }

  const Verdict& verdict() const { return judge_.verdict(); }
  const AttemptTracker& tracker() const { return tracker_; }

 private:
  void Publish(const Verdict& v);

  std::function<void(const Verdict&)> on_change_;
  Judge judge_;
  AttemptTracker tracker_;
  State last_state_ = State::kUnknown;
  std::string last_reason_;
  bool published_ = false;
};

}  // namespace candor
