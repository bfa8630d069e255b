// SPDX-License-Identifier: Apache-2.0
//
// The judge: attempts and socket counters become a verdict. It wires the evidence, the baseline, the
// detectors, the state machine and the writer of verdicts. Pure: no clock, no I/O, no thread of its own; one
// thread calls it. README.md in this folder has the rule.
// Tested in tests/verdict/judge_states_test.cc and the other judge_ tests there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "attempt/attempt_event.h"
#include "base/result.h"
#include "evidence/arrival_gaps.h"
#include "evidence/arrival_rate.h"
#include "flow/flow_source.h"
#include "verdict/detector_bank.h"
#include "verdict/health_state_machine.h"
#include "verdict/judge_options.h"
#include "verdict/recovery.h"
#include "verdict/verdict_writer.h"

namespace candor {

class Judge final : private EvidenceListener {
 public:
  explicit Judge(JudgeOptions options);
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  // `e.at` may lie at most a microsecond before earlier events and ticks. Decides when the event is strong
  // evidence; returns what Tick() returns.
  bool Observe(const AttemptEvent& e);
  // When the node's sockets last received and last sent anything.
  void ObserveNode(const NodeActivity& activity);
  // What the node's sockets lost until `counts.at`; the same counts again change nothing.
  void ObserveSockets(const SocketCounts& counts);
  // The node has several servers, and whose the losses are is not known: they are no cause of this one's.
  void ForgetSockets() { writer_.causes().ForgetSockets(); }
  // Sessions that the media server accepts; the same counts again change nothing.
  void ObserveSessions(const SessionCounts& counts) { bank_.joins.Observe(counts); }
  // What the media server itself counts; the same reading again changes nothing.
  void ObserveReportedJoins(const ReportedJoins& read) { bank_.reported.Observe(read); }
  // What was last measured on this node that keeps media away; without a code: nothing any more.
  void ObserveLocalFault(const LocalFault& fault) { bank_.joins.Observe(fault), bank_.faults.Observe(fault); }
  // What the machine says of the server, and what the failing attempts have in common: for
  // the cause. Give the one within a second while WantsFacts(), the other while WantsShape().
  void ObserveFacts(const LocalFacts& facts) { writer_.causes().ObserveFacts(facts); }
  void ObserveShape(const FailureShape& shape) { writer_.causes().ObserveShape(shape); }
  // Something is wrong, or in doubt, or may be soon: attempts stay away for a while, or nothing is answered.
  bool WantsFacts() const { return WantsShape() || bank_.faults.suspects(); }
  // Something is wrong, or in doubt.
  bool WantsShape() const { return writer_.WantsFacts(); }
  // Brings the ages of pending attempts up to `now` and decides. Call at least every JudgeOptions::tick.
  // True: the state, the reason or the cause differs from the last call that returned true, or this is the
  // first.
  bool Tick(Time now);

  const Verdict& verdict() const;
  // Since start: attempts that counted (acknowledged, no retries); open attempts evicted.
  uint64_t counted() const { return counted_; }
  uint64_t evicted() const { return evidence_.evicted(); }

  // The baseline, and an alarm in force, as a small versioned text that outlives the process.
  std::string SaveBaseline() const;
  // Continues from what SaveBaseline() gave `age` before `now`. Damaged or foreign text is an error and
  // changes nothing. FAILING and PROBATION go on for as long as they would have been held; else the state is
  // UNKNOWN.
  Result<void> RestoreBaseline(std::string_view text, Duration age, Time now);
  // Discards the baseline, for instance after a change of the node's clients.
  void ResetBaseline();

 private:
  void OnOffered(const AttemptRecord& r) override;
  void OnAcknowledged(const AttemptRecord& r, Time at) override;
  void OnActive(const AttemptRecord& r) override;
  void OnConcluded(const AttemptRecord& r, Time now) override;
  void OnDropConcluded(const AttemptRecord& r, Time now) override;
  void OnLate(const AttemptRecord& before, const AttemptRecord& r, Time now) override;

  void Learn();
  Widening FindWidening();
  void Tune(bool learned);
  void Decide();
  bool Changed();
  void Enter(State before, const Findings& f);
  bool NewlyDropped(Detector d) const;
  HealthInputs Inputs(const Findings& f) const;
  UnknownCause WhyUnknown(const ArrivalGap& gap) const;
  bool KeptAway() const { return health_.state() == State::kFailing || health_.state() == State::kProbation; }
  bool Fresh() const { return last_counted_ != Time{} && now_ - last_counted_ <= options_.fresh; }
  VerdictWriter::Ignored Ignored() const {
    return {evidence_.ignored_retry(), evidence_.ignored_unacknowledged(), capped_};
  }
  void CountEvidence(Time at);
  void CountRecovery(Detector d, const AttemptRecord& r, Contribution c);
  void ObserveReports(const AttemptEvent& e);
  void CountMediaRecovery(const MediaRecord& r);

  JudgeOptions options_;
  AttemptEvidence evidence_;
  Baseline baseline_;
  ArrivalRate rate_;
  ArrivalGaps gaps_;
  DetectorBank bank_;
  HealthStateMachine health_;
  Recovery recovery_;
  VerdictWriter writer_{bank_, health_};
  Widening widening_;
  Time now_{}, tuned_{}, decided_{};
  Time judged_from_{};  // attempts that arrived earlier belong to an earlier verdict
  Time last_counted_{}, surge_until_{};
  uint64_t counted_ = 0, counted_since_unknown_ = 0, capped_ = 0;
  bool media_known_ = false;                    // by the event that is being observed
  Detector deciding_ = Detector::kNeverActive;  // of the alarm: recovery is tested with it
  State reported_state_ = State::kUnknown;
  std::string reported_reason_, reported_cause_;
};

}  // namespace candor
