// SPDX-License-Identifier: Apache-2.0
//
// One detector of evidence: what is usual in it, the sum over concluded attempts, and a trial on top of it
// with the attempts still pending. Pure; one thread.
#pragma once

#include "verdict/cusum.h"
#include "verdict/threshold.h"

namespace candor {

class SequentialTest {
 public:
  // `allowance`: this detector's part of the false alarms allowed per 30 days.
  SequentialTest(Detector detector, Float4 ladder, double allowance)
      : detector_(detector), ladder_(ladder), allowance_(allowance) {}

  void Tune(double usual, const Likelihood& likelihood) {
    usual_ = usual;
    likelihood_ = likelihood;
  }
  // Other stories: what the old ones summed up is forgotten.
  void SetLadder(Float4 ladder) {
    if (!AnyAbove(ladder_, ladder) && !AnyAbove(ladder, ladder_)) return;
    ladder_ = ladder;
    Reset();
  }
  void SetRate(double per_second) {
    // A few failures in a row are all that a total failure shows: nothing but the proof will do there.
    h_ = OfAll() ? ProvenThreshold(per_second, allowance_) : Threshold(per_second, allowance_);
    // Float4 networks must suffice and three must not: z averages four severities, so h + ln 4 does it.
    bounds_.cap = Splat(static_cast<float>((h_ + 1.3863) / 4));
    bounds_.most = Splat(static_cast<float>(2 * h_));
  }

  // A concluded attempt, in order of arrival. True when the cap held most of it back.
  // `age` matters of one that ended while it was pending.
  bool Commit(const AttemptRecord& r, Contribution s, Duration age = Duration(0)) {
    return settled_.Add(r, s, IsCounted(detector_, r), age, likelihood_, bounds_);
  }

  // A failure that Commit() was told of has become a success.
  void TakeBack(const AttemptRecord& r, Contribution s) {
    settled_.TakeBack(r, s, IsCounted(detector_, r), likelihood_, bounds_);
  }

  // The most that attempts of such contributions could lift it to, without weighing them in order.
  double Ceiling() const {
    return static_cast<double>(std::max(Largest(settled_.sums()), Largest(settled_.unguarded())));
  }
  double MostOf(Contribution s, Duration age) const {
    return static_cast<double>(Largest(likelihood_.Ratio(s, age)));
  }
  // Nothing pending can make it doubtful: it stands where it stood, at most at `ceiling`.
  void SkipProvisional(double ceiling) {
    z_ = std::min(z_, ceiling);
    unguarded_score_ = std::min(unguarded_score_, ceiling);
    trusted_alone_ = false;
  }

  // Nothing speaks against the node, concluded or pending.
  void ClearProvisional() {
    if (tried_) provisional_ = Cusum{};
    tried_ = trusted_alone_ = false;
    z_ = unguarded_score_ = 0;
  }

  void BeginProvisional() {
    provisional_ = settled_;
    tried_ = true;
  }
  // `told`: with the tallies, for people to see.
  void Try(const AttemptRecord& r, Contribution s, Duration age, bool told) {
    provisional_.Add(r, s, IsCounted(detector_, r), age, likelihood_, bounds_, told);
  }

  bool ProvisionalRests() const { return provisional_.Rests(); }

  void EndProvisional() {
    z_ = provisional_.Z();
    const bool would_fire = z_ >= h_;
    if (z_ >= h_ / 2) z_ = provisional_.DiscountedScore(bounds_, ClientsMayBeAtFault());
    trusted_alone_ = would_fire && z_ < h_ && ClientsMayBeAtFault() && provisional_.OthersDisagree();
    unguarded_score_ = provisional_.UnguardedScore();
  }

  // Forgets everything said so far: what comes next is judged on its own.
  void Reset() {
    settled_ = provisional_ = Cusum{};
    tried_ = trusted_alone_ = false;
    z_ = unguarded_score_ = 0;
  }

  bool Doubtful() const { return std::max(z_, unguarded_score_) >= h_ / 2; }
  Detector detector() const { return detector_; }
  Float4 ladder() const { return ladder_; }
  double h() const { return h_; }
  double usual() const { return usual_; }
  double z() const { return z_; }
  // It would have fired, but all others than trusted sources succeed as usual.
  bool trusted_alone() const { return trusted_alone_; }
  double unguarded_score() const { return unguarded_score_; }  // all comers: no caps, retries included
  const EvidenceSummary& tally() const { return provisional_.tally(); }
  const EvidenceSummary& unguarded_summary() const { return provisional_.unguarded_summary(); }
  double Severity() const { return PosteriorSeverity(ladder_, provisional_.unguarded()); }
  // Concluded failures in a row, as sure as they can be, that raise the alarm: before so many attempts were
  // counted the detector knows nothing.
  double Needed() const {
    return std::ceil((h_ + 1.3863) / static_cast<double>(likelihood_.against_node[kSeverities - 1]));
  }

 private:
  // Its one story is that all fail.
  bool OfAll() const {
    return detector_ == Detector::kNoneActive || detector_ == Detector::kNoRtpToSenders ||
           detector_ == Detector::kNoDataToSenders || detector_ == Detector::kNoRtpOut ||
           detector_ == Detector::kNoRtpIn || detector_ == Detector::kNoDataIn;
  }
  // Not where the node itself owes or falls silent, whoever asks.
  bool ClientsMayBeAtFault() const {
    return detector_ == Detector::kNeverActive || detector_ == Detector::kNeverActiveAlive ||
           detector_ == Detector::kNoneActive;
  }

  Detector detector_;
  Float4 ladder_;
  double allowance_;
  double h_ = 0, usual_ = 0, z_ = 0, unguarded_score_ = 0;
  Cusum::Bounds bounds_{};
  Likelihood likelihood_;
  Cusum settled_, provisional_;
  bool trusted_alone_ = false;
  bool tried_ = false;  // since provisional_ was last empty
};

}  // namespace candor
