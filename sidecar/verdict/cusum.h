// SPDX-License-Identifier: Apache-2.0
//
// The CUSUM of one detector over attempts in order of arrival: four severities side by side, never below
// zero, no network counting beyond its cap; and beside it the same of all comers, without caps and retries
// included, which shows what the guards hold back. Pure value: the judge copies it and adds the pending
// attempts on top of the copy.
#pragma once

#include "evidence/contribution.h"
#include "verdict/evidence_summary.h"
#include "verdict/likelihood.h"
#include "verdict/network_caps.h"

namespace candor {

class Cusum {
 public:
  struct Bounds {
    Float4 cap;   // of one network: (h + ln 4) / 4
    Float4 most;  // of the whole sum: beyond twice the alarm nothing is gained, only recovery is late
  };

  // `counts`: the guards let the attempt speak. `told`: keep the tallies, which cost more than the sums.
  // Returns true when the cap held back most of a failure. Inline for most attempts: they become active
  // while nothing speaks against the node, and there is nothing to wear off.
  bool Add(const AttemptRecord& r, Contribution contribution, bool counts, Duration age,
           const Likelihood& likelihood, const Bounds& bounds, bool told = true) {
    if (contribution.kind == Contribution::Kind::kNeutral) return false;
    if (contribution.kind == Contribution::Kind::kSuccess && AtZero() && !caps_.Broken(r.network.bucket))
      return false;
    return Weigh(r, contribution, counts, age, likelihood, bounds, told);
  }

  // A failure that was added with this contribution was none after all. What the cap held back is given back
  // first to the network; where the story has ended meanwhile nothing is left to give back.
  void TakeBack(const AttemptRecord& r, Contribution contribution, bool counts, const Likelihood& likelihood,
                const Bounds& bounds);

  // Attempts that speak for the node change nothing.
  bool Rests() const { return AtZero() && !caps_.AnyBroken(); }

  double Z() const { return LogMeanExp(w_); }
  // The same with networks that fail by themselves counted as one provider. `or_trusted`: trusted sources
  // among them; where all others speak against a severity, those count for no more than two networks.
  double DiscountedScore(const Bounds& bounds, bool or_trusted) const {
    const Float4 w = w_ - caps_.TooMuch(bounds.cap);
    const Float4 alone = others_ < Splat(-kRefuted) ? Min(w, bounds.cap * 2 + others_) : w;
    return LogMeanExp(Max(or_trusted ? alone : w, Splat(0)));
  }
  bool OthersDisagree() const { return AnyAbove(Splat(-kRefuted), others_); }
  double UnguardedScore() const { return LogMeanExp(unguarded_); }
  Float4 sums() const { return w_; }
  Float4 unguarded() const { return unguarded_; }
  const EvidenceSummary& tally() const { return summary_; }
  const EvidenceSummary& unguarded_summary() const { return unguarded_summary_; }

 private:
  bool AtZero() const { return AreZero(unguarded_) && AreZero(w_); }
  bool Weigh(const AttemptRecord& r, Contribution contribution, bool counts, Duration age,
             const Likelihood& likelihood, const Bounds& bounds, bool told);

  static constexpr float kRefuted = 1;  // they, too, would have shown it

  Float4 w_{}, unguarded_{};
  Float4 others_{};  // what others than trusted sources brought since the sum last left zero; can be below it
  NetworkCaps caps_;
  EvidenceSummary summary_, unguarded_summary_;
};

}  // namespace candor
