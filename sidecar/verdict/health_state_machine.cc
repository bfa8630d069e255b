// SPDX-License-Identifier: Apache-2.0
#include "verdict/health_state_machine.h"

#include <algorithm>

namespace candor {

State HealthStateMachine::Step(const HealthInputs& in) {
  if (since_ == Time{}) since_ = in.now;
  if (!in.doubt) doubting_ = false;
  if (in.doubt && !doubting_) doubting_ = true, doubt_since_ = in.now;
  if (state_ == State::kFailing) {
    StepFailing(in);
  } else if (state_ == State::kProbation) {
    StepProbation(in);
  } else {
    StepOther(in);
  }
  return state_;
}

std::optional<HealthStateMachine::Saved> HealthStateMachine::Save(Time now) const {
  if (state_ != State::kFailing && state_ != State::kProbation) return std::nullopt;
  return Saved{state_, now - since_, now - last_failure_, hold_, failed_probations_};
}

bool HealthStateMachine::Restore(const Saved& saved, Duration age, Time now) {
  const Duration hold = std::clamp(saved.hold, rule::kFirstHold, rule::kLongestHold);
  const bool failing = saved.state == State::kFailing;
  const Duration quiet = (failing ? std::min(saved.failing, saved.since) : saved.since) + age;
  if (quiet >= hold) return false;
  state_ = saved.state;
  since_ = last_warning_ = now - saved.since - age;
  last_failure_ = last_alarm_ = now - saved.failing - age;
  alarmed_before_ = true;
  hold_ = hold;
  failed_probations_ = saved.failed_probations;
  return true;
}

void HealthStateMachine::StepOther(const HealthInputs& in) {
  if (in.alarm) return Alarm(in.now, false);
  const bool long_doubt = doubting_ && in.now - doubt_since_ > doubt_limit_;
  if (in.harm || long_doubt || (in.doubt && state_ == State::kDegraded)) {
    last_warning_ = in.now;
    if (state_ != State::kDegraded) Enter(State::kDegraded, in.now);
    return;
  }
  if (state_ == State::kDegraded && in.now - last_warning_ <= doubt_limit_) return;
  const State calm = in.enough && in.fresh && !in.ceased ? State::kHealthy : State::kUnknown;
  if (calm != state_) Enter(calm, in.now);
}

void HealthStateMachine::StepFailing(const HealthInputs& in) {
  if (in.stands || (in.traffic && in.recovery < 0)) last_failure_ = in.now;
  const bool held = in.now - since_ < hold_ || in.now - last_failure_ < hold_;
  if (!held) Enter(State::kProbation, in.now);
}

void HealthStateMachine::StepProbation(const HealthInputs& in) {
  if (in.alarm || in.doubt) {
    ++failed_probations_;
    return Alarm(in.now, true);
  }
  if (in.recovery >= NeededOdds()) Enter(in.harm ? State::kDegraded : State::kHealthy, in.now);
}

void HealthStateMachine::Alarm(Time now, bool relapse) {
  const bool again = alarmed_before_ && now - last_alarm_ <= rule::kRelapseWindow;
  if (!again && !relapse) failed_probations_ = 0;
  hold_ = again || relapse ? std::min<Duration>(hold_ * rule::kRelapseHold, rule::kLongestHold)
                           : rule::kFirstHold;
  alarmed_before_ = true;
  last_alarm_ = last_failure_ = now;
  Enter(State::kFailing, now);
}

void HealthStateMachine::Enter(State s, Time now) {
  state_ = s;
  since_ = last_warning_ = now;
}

Duration HealthStateMachine::ClearsIn(Time now) const {
  if (state_ != State::kFailing) return Duration(0);
  return std::max(Duration(0), std::max(since_, last_failure_) + hold_ - now);
}

}  // namespace candor
