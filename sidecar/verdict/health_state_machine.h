// SPDX-License-Identifier: Apache-2.0
//
// States with hysteresis: when findings become a state, how long it is held, what ends it. Pure; one thread.
#pragma once

#include <algorithm>
#include <optional>

#include "base/time.h"
#include "verdict/rule_constants.h"
#include "verdict/verdict.h"

namespace candor {

struct HealthInputs {
  Time now{};
  bool alarm = false;    // a detector that prevents has fired
  bool doubt = false;    // ... or stands at half its threshold
  bool harm = false;     // something harms without preventing, or the guards hold an alarm back
  bool enough = false;   // so many attempts counted that a total failure would have shown
  bool ceased = false;   // attempts that usually come stay away: HEALTHY is no claim of today
  bool fresh = false;    // the last of them is within JudgeOptions::fresh
  bool traffic = false;  // attempts still arrive
  bool stands = false;   // nothing of the media server is at work, as measured
  double recovery = 0;   // log odds for health since the alarm, or since PROBATION began
};

class HealthStateMachine {
 public:
  // Doubt for longer than `doubt_limit` is DEGRADED.
  explicit HealthStateMachine(Duration doubt_limit) : doubt_limit_(doubt_limit) {}

  // FAILING or PROBATION as it outlives the process; times are ages.
  struct Saved {
    State state = State::kFailing;
    Duration since{};    // of the state
    Duration failing{};  // since the last evidence of failure
    Duration hold{};
    int failed_probations = 0;
  };

  State Step(const HealthInputs& in);

  // Nothing in any other state.
  std::optional<Saved> Save(Time now) const;
  // Continues what was saved `age` ago, for as long as the state would have been held without new evidence.
  // False: that time has passed.
  bool Restore(const Saved& saved, Duration age, Time now);

  State state() const { return state_; }
  Time since() const { return since_; }
  Duration hold() const { return hold_; }
  // Earliest time left until the state can clear; 0: when the evidence allows.
  Duration ClearsIn(Time now) const;
  // Log odds that PROBATION must reach; grows with every failed probation, to less than Recovery can reach.
  double NeededOdds() const {
    return rule::kReturnOdds * std::min(1 + failed_probations_, rule::kMostReturnOdds);
  }

 private:
  void Enter(State s, Time now);
  void Alarm(Time now, bool relapse);
  void StepFailing(const HealthInputs& in);
  void StepProbation(const HealthInputs& in);
  void StepOther(const HealthInputs& in);

  Duration doubt_limit_;
  State state_ = State::kUnknown;
  Time since_{}, doubt_since_{}, last_warning_{}, last_failure_{}, last_alarm_{};
  bool doubting_ = false, alarmed_before_ = false;
  Duration hold_{};
  int failed_probations_ = 0;
};

}  // namespace candor
