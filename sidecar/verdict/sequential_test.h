// SPDX-License-Identifier: Apache-2.0
//
// The sequential likelihood-ratio test of one detector: a CUSUM over concluded attempts, and a provisional
// copy of it to which the pending attempts are added. Pure; one thread.
#pragma once

#include "verdict/cusum.h"
#include "verdict/threshold.h"
#include "verdict/verdict.h"

namespace candor {

class SequentialTest {
 public:
  // `severities`: the hypotheses. `allowance`: this detector's part of the false alarms allowed per 30 days,
  // > 0.
  SequentialTest(Detector detector, Float4 severities, double allowance)
      : detector_(detector), severities_(severities), allowance_(allowance) {}

  // `baseline_rate`: the baseline failure rate, 0..1 exclusive.
  void Tune(double baseline_rate, const Likelihood& likelihood) {
    baseline_rate_ = baseline_rate;
    likelihood_ = likelihood;
  }
  // Other hypotheses: the sums of the old ones are cleared.
  void SetSeverities(Float4 severities) {
    if (!AnyAbove(severities_, severities) && !AnyAbove(severities, severities_)) return;
    severities_ = severities;
    Reset();
  }
  void SetRate(double per_second) {
    // A total failure shows as a few failures in a row and nothing else: only the proven threshold suffices.
    h_ = TestsTotalFailure() ? ProvenThreshold(per_second, allowance_) : Threshold(per_second, allowance_);
    // Four networks must suffice and three must not: the score averages four severities, so h + ln 4 does it.
    bounds_.cap = Splat(static_cast<float>((h_ + rule::kLogSeverities) / rule::kEnoughNetworks));
    bounds_.most = Splat(static_cast<float>(rule::kMostOfThreshold * h_));
  }

  // A concluded attempt, in order of arrival. True when the limit held most of it back. `age`: of an attempt
  // that ended while it was pending.
  bool Commit(const AttemptRecord& r, Contribution c, Duration age = Duration(0)) {
    return concluded_.Add(r, c, IsCounted(detector_, r), age, likelihood_, bounds_);
  }
  // A failure given to Commit() has become a success.
  void Retract(const AttemptRecord& r, Contribution c) {
    concluded_.Retract(r, c, IsCounted(detector_, r), likelihood_, bounds_);
  }

  // Upper bound of the score of what is concluded; the most that one attempt can add to it.
  double Ceiling() const {
    return static_cast<double>(std::max(Largest(concluded_.sums()), Largest(concluded_.unguarded())));
  }
  double MostOf(Contribution c, Duration age) const {
    return static_cast<double>(Largest(likelihood_.Ratio(c, age)));
  }

  // Scores again: `add(with_summary)` calls AddPending() for the pending attempts, oldest first. `ceiling`:
  // the most that the score can come to. Unless `exactly`, a test that cannot become doubtful keeps its
  // score, at most `ceiling`.
  template <class Add>
  void Weigh(double ceiling, bool exactly, Add add) {
    if (exactly && ceiling <= 0) return Clear();
    if (!exactly && ceiling < h_ / 2) {
      score_ = std::min(score_, ceiling);
      unguarded_score_ = std::min(unguarded_score_, ceiling);
      trusted_alone_ = false;
      return;
    }
    AddAll(exactly, add);
    if (!exactly && Doubtful()) AddAll(true, add);
  }
  // `with_summary`: the figures for people as well, which cost more than the sums.
  void AddPending(const AttemptRecord& r, Contribution c, Duration age, bool with_summary) {
    provisional_.Add(r, c, IsCounted(detector_, r), age, likelihood_, bounds_, with_summary);
  }
  // Further successes change nothing.
  bool IgnoresSuccesses() const { return provisional_.IgnoresSuccesses(); }

  // Nothing speaks against the node, concluded or pending.
  void Clear() {
    if (provisional_used_) provisional_ = Cusum{};
    provisional_used_ = trusted_alone_ = false;
    score_ = unguarded_score_ = 0;
  }
  // Forgets what is concluded as well.
  void Reset() {
    concluded_ = provisional_ = Cusum{};
    provisional_used_ = trusted_alone_ = false;
    score_ = unguarded_score_ = 0;
  }

  Detector detector() const { return detector_; }
  Float4 severities() const { return severities_; }
  double threshold() const { return h_; }
  double baseline_rate() const { return baseline_rate_; }
  double score() const { return score_; }
  double unguarded_score() const { return unguarded_score_; }  // no limits, retries included
  bool fired() const { return score_ >= h_; }
  bool in_doubt() const { return score_ >= h_ / 2; }
  // It would have fired without the guards.
  bool held_back() const { return unguarded_score_ >= h_ && !fired(); }
  // In doubt with or without the guards: nothing is learned meanwhile.
  bool Doubtful() const { return std::max(score_, unguarded_score_) >= h_ / 2; }
  // It would have fired, but all sources that are not trusted succeed.
  bool trusted_alone() const { return trusted_alone_; }
  const EvidenceSummary& summary() const { return provisional_.summary(); }
  const EvidenceSummary& unguarded_summary() const { return provisional_.unguarded_summary(); }
  double Severity() const { return PosteriorSeverity(severities_, provisional_.unguarded()); }
  // Concluded failures in a row that make it fire: with fewer counted attempts it can show nothing.
  double Needed() const {
    return std::ceil((h_ + rule::kLogSeverities) / static_cast<double>(likelihood_.failure[kSeverities - 1]));
  }

 private:
  template <class Add>
  void AddAll(bool with_summary, Add add) {
    provisional_ = concluded_;
    provisional_used_ = true;
    add(with_summary);
    score_ = provisional_.Score();
    const bool would_fire = fired();
    if (in_doubt()) score_ = provisional_.DiscountedScore(bounds_, ClientsMayBeAtFault());
    trusted_alone_ = would_fire && score_ < h_ && ClientsMayBeAtFault() && provisional_.OthersDisagree();
    unguarded_score_ = provisional_.UnguardedScore();
  }

  // Its one hypothesis is that all fail.
  bool TestsTotalFailure() const {
    return detector_ == Detector::kNoneActive || detector_ == Detector::kNoRtpToSenders ||
           detector_ == Detector::kNoDataToSenders || detector_ == Detector::kNoRtpOut ||
           detector_ == Detector::kNoRtpIn || detector_ == Detector::kNoDataIn;
  }
  // Not where the node itself leaves a request unanswered or falls silent.
  bool ClientsMayBeAtFault() const {
    return detector_ == Detector::kNeverActive || detector_ == Detector::kNeverActiveAlive ||
           detector_ == Detector::kNoneActive;
  }

  Detector detector_;
  Float4 severities_;
  double allowance_;
  double h_ = 0, baseline_rate_ = 0, score_ = 0, unguarded_score_ = 0;
  Cusum::Bounds bounds_{};
  Likelihood likelihood_;
  Cusum concluded_, provisional_;
  bool trusted_alone_ = false;
  bool provisional_used_ = false;  // since provisional_ was last empty
};

// `prevents`: DetectorStatus::prevents.
inline DetectorStatus StatusOf(const SequentialTest& t, bool prevents) {
  return {std::string(Name(t.detector())), t.score(), t.threshold(), t.baseline_rate(), prevents};
}

}  // namespace candor
