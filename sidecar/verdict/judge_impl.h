// SPDX-License-Identifier: Apache-2.0
//
// The judge's inside: evidence and baseline (evidence), panel (arithmetic), latch (hysteresis), verdict
// (words). Private to this room.
#pragma once

#include "evidence/ack_rate_test.h"
#include "evidence/arrival_rate.h"
#include "evidence/attempt_evidence.h"
#include "evidence/baseline.h"
#include "evidence/baseline_successes.h"
#include "evidence/exponential_decay.h"
#include "evidence/failure_run_length.h"
#include "evidence/node_silence.h"
#include "evidence/refusals.h"
#include "verdict/detector_bank.h"
#include "verdict/findings.h"
#include "verdict/health_state_machine.h"
#include "verdict/judge.h"
#include "verdict/media_detectors.h"
#include "verdict/recent_networks.h"
#include "verdict/recovery.h"
#include "verdict/saved_alarm.h"
#include "verdict/setup_shift_detector.h"
#include "verdict/socket_detectors.h"

namespace candor {

class Judge::Impl : public EvidenceListener {
 public:
  explicit Impl(JudgeOptions options);

  void Observe(const AttemptEvent& e);
  void ObserveNode(const NodeActivity& activity);
  void ObserveSockets(const SocketCounts& counts) { sockets_.Observe(counts); }
  const Verdict& Tick(Time now);

  const Verdict& verdict() const { return verdict_; }
  uint64_t counted() const { return counted_; }
  uint64_t evicted() const { return evidence_.evicted(); }
  std::string SaveBaseline() const;
  Result<void> RestoreBaseline(std::string_view text, Duration age, Time now);
  void ResetBaseline();

  void OnOffered(const AttemptRecord& r) override;
  void OnAcknowledged(const AttemptRecord& r, Time at) override;
  void OnActive(const AttemptRecord& r) override;
  void OnConcluded(const AttemptRecord& r, Time now) override;
  void OnDropConcluded(const AttemptRecord& r, Time now) override;
  void OnLate(const AttemptRecord& before, const AttemptRecord& r, Time now) override;

 private:
  static constexpr uint64_t kUnansweredInARow = 6;
  void Decide();
  void LearnSlowly();
  void SetRate();
  void CountEvidence(Time at);
  void CountRecovery(Detector c, const AttemptRecord& r, Contribution s);
  void CountMediaRecovery(const MediaRecord& r);
  void Tune(bool learned);
  // Of any detector: the panel's, of media or of setup times.
  const SequentialTest& TestOf(Detector c) const;

  Findings Find();
  UnknownCause Why() const;
  void FindFrozen(bool nobody, bool deaf, Findings* f);
  bool AtWork(Time then) const;
  bool TrustedAreUnanswered() const { return trusted_unanswered_ >= kUnansweredInARow; }
  void FindRefusals();
  void FindHarm(bool nobody, Findings* f);
  void FindHeldBack(bool nobody, Findings* f);
  bool OthersSucceed(const SequentialTest& t) const;
  void FindUnexplained(Findings* f) const;
  void FindMedia(Findings* f);
  void Describe(Detector media, Findings* f) const;
  bool FindSlow();
  bool HonoursNobody(bool* deaf) const;
  bool HonoursFewer() const;
  void ForgetUnanswered();
  Measurements Measure() const;
  bool Fires(const SequentialTest& t) const;
  bool HeldBack(const SequentialTest& t) const;
  bool Sharper(const Findings& f) const;

  std::optional<SavedAlarm> Remember() const;
  void Resume(const SavedAlarm& m, Duration age);
  HealthInputs Read(const Findings& f) const;
  void Enter(State before, const Findings& f);
  void Publish(const Findings& f, bool changed);
  bool RefreshDue() const;
  bool Fresh() const { return last_counted_ != Time{} && now_ - last_counted_ <= options_.fresh; }
  void Fill(const SequentialTest& t, bool with_held_back);

  JudgeOptions options_;
  AttemptEvidence evidence_;
  Baseline baseline_;
  ArrivalRate rate_;
  AckRateTest ack_rate_;
  BaselineSuccesses successes_;
  Refusals refusals_;
  FailureRunLength usual_row_;
  NodeSilence silence_;
  DetectorBank bank_;
  HealthStateMachine health_;
  Recovery recovery_;
  RecentNetworks usual_networks_;
  RecentNetworks succeeded_;  // when each network last had an attempt become active
  SocketDetectors sockets_;
  MediaDetectors media_;
  SetupShiftDetector shift_;

  Time now_{}, tuned_{}, decided_{}, published_{};
  Time judged_from_{};  // attempts that arrived earlier have had their verdict
  Time last_counted_{}, last_offered_{}, last_acknowledged_{};
  double widening_ = 1;  // while a crowd comes in
  double slowdown_ = 1;  // while setups as a whole are slow
  Time crowded_until_{};
  bool looked_since_vouch_ = false;  // at what the node sends
  uint64_t counted_ = 0;
  uint64_t counted_since_unknown_ = 0;  // since the verdict was last UNKNOWN
  uint64_t capped_ = 0;
  uint64_t unanswered_in_a_row_ = 0;  // offered since the node last acknowledged anything
  Time unanswered_since_{};           // when the first of these came
  uint64_t trusted_unanswered_ = 0;   // of these, from trusted sources
  double unvouched_rate_ = 0;         // attempts not (yet) acknowledged, per second, over ten seconds
  ExponentialDecay forget_unvouched_{10};
  std::array<bool, kDetectors> harming_{};  // with hysteresis: on at h, off at h/2
  bool few_ = false, flood_ = false, unanswered_ = false, unanswered_idle_ = false, trusted_fail_ = false;
  bool refuses_ = false;
  bool media_known_ = false;  // by the event that is being observed
  bool shifted_ = false;      // as harming_, of kSetupShift
  Time held_since_{};         // the guards hold an alarm back
  Findings shown_;            // as last published
  Detector deciding_ = Detector::kNeverActive;
  Findings alarm_;  // why it is FAILING
  Verdict verdict_;
};

}  // namespace candor
