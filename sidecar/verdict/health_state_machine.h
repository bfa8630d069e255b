// SPDX-License-Identifier: Apache-2.0
//
// States with hysteresis: when signs become a state, how long it is held, what lets it go. Pure; one thread.
#pragma once

#include <algorithm>
#include <optional>

#include "base/time.h"
#include "verdict/verdict.h"

namespace candor {

// What the detectors say at one moment.
struct HealthInputs {
  Time now{};
  bool alarm = false;    // a detector that prevents stands at or above its threshold
  bool doubt = false;    // ... at or above half of it
  bool harm = false;     // something harms without preventing, or an alarm is held back for too few sources
  bool enough = false;   // as many attempts counted as a total failure would have needed to show
  bool fresh = false;    // the last of them is young enough
  bool traffic = false;  // attempts still arrive
  double recovery = 0;   // log odds for health since the alarm, or since probation began
};

struct HealthStateOptions {
  Duration doubt_patience = std::chrono::seconds(10);  // doubt longer than this is DEGRADED
  Duration first_hold = std::chrono::seconds(30);
  Duration longest_hold = std::chrono::minutes(15);
  Duration relapse_window = std::chrono::hours(1);  // a second alarm within this is held ten times as long
  double recovery_odds = 4.605170185988092;         // ln 100
};

class HealthStateMachine {
 public:
  explicit HealthStateMachine(const HealthStateOptions& options) : options_(options) {}

  // FAILING or PROBATION as it outlives the process; times are ages.
  struct Memory {
    State state = State::kFailing;
    Duration since{};  // of the state
    Duration sick{};   // since the node was last seen to be
    Duration hold{};
    int failed_probations = 0;
  };

  State Step(const HealthInputs& s);

  // Nothing in any other state.
  std::optional<Memory> Remember(Time now) const;
  // Goes on where `m` was `age` ago; true if it does. No longer than the state would have been held without
  // new evidence: what came of the node since nobody knows.
  bool Resume(const Memory& m, Duration age, Time now);

  State state() const { return state_; }
  Time since() const { return since_; }
  Duration hold() const { return hold_; }
  // Earliest time left until the state can clear; 0: when the evidence allows.
  Duration ClearsIn(Time now) const;
  // Log odds that probation must reach; grows with every failed probation, up to what Recovery can show: a
  // node that failed often and is well at last must be able to come back.
  double NeededOdds() const {
    return options_.recovery_odds * std::min(1 + failed_probations_, kMaxNeededOdds);
  }
  static constexpr int kMaxNeededOdds = 9;  // recovery_odds; Recovery::kMostOdds bounds its sum at more

 private:
  void Enter(State s, Time now);
  void Alarm(Time now, bool relapse);
  State Calm(const HealthInputs& s) const;
  void StepFailing(const HealthInputs& s);
  void StepProbation(const HealthInputs& s);
  void StepCalm(const HealthInputs& s);

  HealthStateOptions options_;
  State state_ = State::kUnknown;
  Time since_{}, doubt_since_{}, trouble_{}, last_sick_{}, last_alarm_{};
  bool doubting_ = false, alarmed_before_ = false;
  Duration hold_{};
  int failed_probations_ = 0;
};

}  // namespace candor
