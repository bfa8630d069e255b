// SPDX-License-Identifier: Apache-2.0
//
// Keeps the cause with the fault: composed when the fault shows, refined for a while by measurements that
// come later, then fixed. What is measured after that belongs to the repair: a media server that an operator
// restarts did not fail because it was restarted. Pure; one thread.
// Tested in tests/verdict/cause_keeper_test.cc.
#pragma once

#include "verdict/cause_finder.h"
#include "verdict/drop_window.h"
#include "verdict/findings.h"
#include "verdict/verdict.h"

namespace candor {

// How the fault of a verdict shows.
Symptom SymptomOf(State state, const Findings& f);

class CauseKeeper {
 public:
  // After an alarm, a cause that was not measured gives way to one that is, for this long.
  static constexpr Duration kRefine = std::chrono::seconds(10);

  void ObserveSockets(const SocketCounts& counts) { drops_.Observe(counts); }
  // The sums are not this server's alone any more.
  void ForgetSockets() { drops_ = {}; }
  void ObserveFacts(const LocalFacts& facts) { facts_ = facts; }
  void ObserveShape(const FailureShape& shape) { shape_ = shape; }

  // The cause of `v`, whose figures and reason are written; `f`: what it rests on. Call after each of its
  // changes and at least every second while there is a fault.
  const Cause& Update(const Verdict& v, const Findings& f, Time now);
  const Cause& cause() const { return cause_; }
  // Of an alarm in force that an earlier process found.
  void Restore(const Cause& cause, const Verdict& v, const Findings& f, Time now);

 private:
  Cause OfCeased(const ArrivalGap& gap, const Verdict& v, Time now);
  CauseEvidence Evidence(Symptom symptom, const Verdict& v, Time now) const;

  DropWindow drops_;
  LocalFacts facts_;
  FailureShape shape_;
  Cause cause_;
  Symptom symptom_ = Symptom::kNone;
  State state_ = State::kUnknown;
  Time began_{};   // the fault in this state and with this symptom
  Time window_{};  // the beginning of its evidence
};

}  // namespace candor
