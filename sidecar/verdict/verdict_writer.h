// SPDX-License-Identifier: Apache-2.0
//
// Writes the verdict: its figures from the detectors, its words from what was found. Pure; one thread.
// Tested in tests/verdict/judge_states_test.cc and tests/verdict/explain_test.cc.
#pragma once

#include "verdict/cause_keeper.h"
#include "verdict/detector_bank.h"
#include "verdict/health_state_machine.h"
#include "verdict/saved_alarm.h"

namespace candor {

class VerdictWriter {
 public:
  // Both outlive it.
  VerdictWriter(const DetectorBank& bank, const HealthStateMachine& health) : bank_(bank), health_(health) {}

  // Attempts that did not count, since start.
  struct Ignored {
    uint64_t retry = 0, unacknowledged = 0, capped = 0;
  };

  const Verdict& verdict() const { return verdict_; }
  // Why it is, or last was, FAILING.
  const Findings& alarm() const { return alarm_; }
  CauseKeeper& causes() { return causes_; }
  // The figures are due for an update: every second while there is something to see, else every five.
  bool RefreshDue(Time now) const;

  // Something is wrong, or in doubt.
  bool WantsFacts() const;

  // FAILING for `f`; `deciding` has fired. Its figures stand until the state clears.
  void SetAlarm(const Findings& f, Detector deciding, Time now);
  // The verdict at `now`. `changed`: the state or its alarm is new.
  void Write(const Findings& found, bool changed, const Ignored& ignored, Time now);

  // With the state machine's part, `health`.
  SavedAlarm Save(const HealthStateMachine::Saved& health, Detector deciding) const;
  void Restore(const SavedAlarm& saved, const Ignored& ignored, Time now);

 private:
  void Fill(const SequentialTest& t, bool with_held_back, Time now);
  void FillJoins(const Measurements& m);
  void FillFault(const ArrivalGap& gap);
  void FillDetectors();

  const DetectorBank& bank_;
  const HealthStateMachine& health_;
  Findings shown_;  // as last written in full
  Findings alarm_;
  CauseKeeper causes_;
  Time refreshed_{};
  Verdict verdict_;
};

}  // namespace candor
