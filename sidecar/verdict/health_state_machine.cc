// SPDX-License-Identifier: Apache-2.0
#include "verdict/health_state_machine.h"

#include <algorithm>

namespace candor {

State HealthStateMachine::Step(const HealthInputs& s) {
  if (since_ == Time{}) since_ = s.now;
  if (!s.doubt) doubting_ = false;
  if (s.doubt && !doubting_) doubting_ = true, doubt_since_ = s.now;
  switch (state_) {
    case State::kFailing:
      StepFailing(s);
      break;
    case State::kProbation:
      StepProbation(s);
      break;
    default:
      StepCalm(s);
      break;
  }
  return state_;
}

std::optional<HealthStateMachine::Memory> HealthStateMachine::Remember(Time now) const {
  if (state_ != State::kFailing && state_ != State::kProbation) return std::nullopt;
  return Memory{state_, now - since_, now - last_sick_, hold_, failed_probations_};
}

bool HealthStateMachine::Resume(const Memory& m, Duration age, Time now) {
  const Duration quiet = (m.state == State::kFailing ? std::min(m.sick, m.since) : m.since) + age;
  if (quiet >= std::clamp(m.hold, options_.first_hold, options_.longest_hold)) return false;
  state_ = m.state;
  since_ = trouble_ = now - m.since - age;
  last_sick_ = last_alarm_ = now - m.sick - age;
  alarmed_before_ = true;
  hold_ = std::clamp(m.hold, options_.first_hold, options_.longest_hold);
  failed_probations_ = m.failed_probations;
  return true;
}

void HealthStateMachine::StepCalm(const HealthInputs& s) {
  if (s.alarm) return Alarm(s.now, false);
  const bool long_doubt = doubting_ && s.now - doubt_since_ > options_.doubt_patience;
  if (s.harm || long_doubt || (s.doubt && state_ == State::kDegraded)) {
    trouble_ = s.now;
    if (state_ != State::kDegraded) Enter(State::kDegraded, s.now);
    return;
  }
  const bool lingers = state_ == State::kDegraded && s.now - trouble_ <= options_.doubt_patience;
  if (lingers) return;
  const State calm = Calm(s);
  if (calm != state_) Enter(calm, s.now);
}

State HealthStateMachine::Calm(const HealthInputs& s) const {
  return s.enough && s.fresh ? State::kHealthy : State::kUnknown;
}

void HealthStateMachine::StepFailing(const HealthInputs& s) {
  if (s.traffic && s.recovery < 0) last_sick_ = s.now;
  const bool held = s.now - since_ < hold_ || s.now - last_sick_ < hold_;
  if (!held) Enter(State::kProbation, s.now);
}

void HealthStateMachine::StepProbation(const HealthInputs& s) {
  if (s.alarm || s.doubt) {
    ++failed_probations_;
    return Alarm(s.now, true);
  }
  if (s.recovery >= NeededOdds()) Enter(s.harm ? State::kDegraded : State::kHealthy, s.now);
}

void HealthStateMachine::Alarm(Time now, bool relapse) {
  const bool again = alarmed_before_ && now - last_alarm_ <= options_.relapse_window;
  if (!again && !relapse) failed_probations_ = 0;
  hold_ = again || relapse ? std::min<Duration>(hold_ * 10, options_.longest_hold) : options_.first_hold;
  alarmed_before_ = true;
  last_alarm_ = last_sick_ = now;
  Enter(State::kFailing, now);
}

void HealthStateMachine::Enter(State s, Time now) {
  state_ = s;
  since_ = now;
  trouble_ = now;
}

Duration HealthStateMachine::ClearsIn(Time now) const {
  if (state_ != State::kFailing) return Duration(0);
  return std::max(Duration(0), std::max(since_, last_sick_) + hold_ - now);
}

}  // namespace candor
