// SPDX-License-Identifier: Apache-2.0
//
// From flow events to a verdict: the attempt tracker and the judge in one object. Pure but for the
// FlowSource; driven by one thread. candord drives it from the kernel, candorctl replay from a capture.
#pragma once

#include <vector>

#include "attempt/attempt_tracker.h"
#include "attempt/lost_flows.h"
#include "verdict/judge.h"

namespace candor {

struct PipelineOptions {
  AttemptOptions attempt;
  LostFlowsOptions lost;
  JudgeOptions judge;
};

class Pipeline {
 public:
  explicit Pipeline(PipelineOptions options);

  // When the source began to observe; before the first OnFlow().
  void Begin(Time at) { tracker_.Begin(at); }
  // Verdicts with a new state or reason that the event brought, first to last; valid until the next call.
  const std::vector<Verdict>& OnFlow(const FlowEvent& e);
  // After lost events: takes every flow as `source` holds it at `now`. Tick() follows.
  void Reconcile(Time now, FlowSource& source);
  // Concludes what is due at `now` and judges; returns what OnFlow() returns. Call every JudgeOptions::tick.
  const std::vector<Verdict>& Tick(Time now, FlowSource& source);

  // The baseline: see Judge.
  std::string SaveBaseline() const { return judge_.SaveBaseline(); }
  Result<void> RestoreBaseline(std::string_view text, Duration age, Time now) {
    return judge_.RestoreBaseline(text, age, now);
  }
  void ResetBaseline() { judge_.ResetBaseline(); }

  const Verdict& verdict() const { return judge_.verdict(); }
  const AttemptTracker& tracker() const { return tracker_; }
  const LostFlows& lost() const { return lost_; }

 private:
  Judge judge_;
  AttemptTracker tracker_;
  LostFlows lost_;
  std::vector<Verdict> changes_;
};

}  // namespace candor
