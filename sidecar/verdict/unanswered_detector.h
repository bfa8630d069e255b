// SPDX-License-Identifier: Apache-2.0
//
// Attempts that the node answers with nothing, or with a refusal. It distinguishes a node that acknowledges
// no attempt any more, one that ignores a part of its clients, and forged attempts, by what was measured: the
// rate of acknowledgements, the node's silence, the successes, the refusals. Pure; one thread. Tested in
// tests/verdict/judge_unanswered_test.cc.
#pragma once

#include <optional>

#include "evidence/ack_rate_test.h"
#include "evidence/attempt_record.h"
#include "evidence/baseline_successes.h"
#include "evidence/exponential_decay.h"
#include "evidence/lost_attempts.h"
#include "evidence/node_silence.h"
#include "evidence/packet_gaps.h"
#include "evidence/refusals.h"
#include "flow/flow_source.h"
#include "verdict/findings.h"
#include "verdict/hysteresis.h"
#include "verdict/sequential_test.h"

namespace candor {

class UnansweredDetector {
 public:
  void Offered(const AttemptRecord& r);
  void Acknowledged(const AttemptRecord& r, Time at);
  // A counted attempt became active.
  void Succeeded() { successes_.Succeeded(), lost_.Succeeded(); }
  void Refused(const AttemptRecord& r) { refusals_.Count(r.network, r.start, r.familiar); }
  // `learn`: the silence so far may become usual.
  void ObserveNode(const NodeActivity& activity, Time now, bool learn);

  // `frozen`, here and below: the test of unacknowledged attempts.
  void SetThreshold(const SequentialTest& frozen) { ack_rate_.SetThreshold(frozen.threshold()); }
  void Advance(Time now, const SequentialTest& frozen, bool kept_away);
  // Fills alarm, doubt, by_ack_rate and partly, and returns whether the node acknowledges no attempt any
  // more. `usual_networks`: client networks that are usual; `kept_away`: balancers keep clients away for
  // another reason.
  bool Find(const SequentialTest& frozen, int usual_networks, bool kept_away, Time now, Findings* f);
  // Attempts that were dropped before a socket count: nobody is acknowledged any more and they take the
  // others' place, or the successes fall by their share.
  bool lost_counts() const { return static_cast<bool>(lost_counts_); }
  // kPartlyUnanswered, kFlood, kUnansweredIdle, kRefusesAll, kUnanswered or kNone.
  Harm harm() const;
  // No attempt for a minute: the unacknowledged ones before are no evidence of the node today.
  bool Stale(Time now) const;
  // Packets reach the node's sockets, and none has left them for significantly longer than usual.
  bool silent(Time now) const { return silence_.ExceedsBaseline(now); }
  bool OfferedWithin(Duration d, Time now) const { return now - last_offered_ <= d; }

  void Measure(Time now, Measurements* m) const;
  void ResetBaseline();
  // What outlives the process; nullopt: not saved, as by older versions. What makes no sense is not restored.
  struct Learned {
    std::optional<BaselineSuccesses::Learned> successes{};
    std::optional<LostAttempts::Learned> lost{};
  };
  Learned Save() const { return {successes_.Save(), lost_.Save()}; }
  void Restore(const Learned& l, Duration age) {
    if (l.successes) successes_.Restore(*l.successes, age);
    if (l.lost) lost_.Restore(*l.lost, age);
  }

 private:
  bool AtWork(Time then) const;
  bool InARow(double threshold) const;
  void AdvanceLost(Time now, double threshold);
  bool SuccessesFell(double log_odds, double granted, Time now) const;
  bool AreFamiliar(const EvidenceSummary& unanswered) const;
  bool AreStrangers(const EvidenceSummary& unanswered) const;
  bool AcknowledgesNone(double threshold, bool kept_away, Time now, bool* by_ack_rate) const;

  AckRateTest ack_rate_;
  BaselineSuccesses successes_;
  Refusals refusals_;
  NodeSilence silence_;
  LostAttempts lost_;
  PacketGaps packets_;
  Time last_offered_{}, last_acknowledged_{}, advanced_{};
  bool doubted_ = false;             // by unacknowledged attempts
  bool doubted_at_work_ = false;     // the node acknowledged attempts when that began
  bool observed_since_ack_ = false;  // what the node sends
  uint64_t run_ = 0;                 // attempts offered since the node last acknowledged one
  Time run_since_{};                 // arrival of the first of these
  uint64_t trusted_run_ = 0;         // of these, from trusted sources
  double unacknowledged_rate_ = 0;   // attempts a second, over ten seconds
  double familiar_share_ = 0;  // of the acknowledged attempts, those from addresses that succeeded before
  ExponentialDecay decay_{rule::kUnansweredMemory};
  Time last_lost_{};
  double lost_odds_ = 0;       // of ack_rate_, from which on nobody is acknowledged because all are lost
  bool lost_replace_ = false;  // LostAttempts::ReplaceAcknowledged() while nobody is acknowledged
  Hysteresis partly_, flood_, idle_, refuses_, unanswered_, lost_counts_;
};

}  // namespace candor
