// SPDX-License-Identifier: Apache-2.0
//
// The CUSUM of one detector over attempts in order of arrival: the log-likelihood ratios of four severities
// side by side, at least 0, each network within its limit. Beside it the unguarded sum of all attempts,
// without limits and with retries, shows what the guards hold back. Pure value: the judge adds the pending
// attempts to a copy.
#pragma once

#include "evidence/contribution.h"
#include "verdict/evidence_summary.h"
#include "verdict/likelihood.h"
#include "verdict/network_caps.h"

namespace candor {

class Cusum {
 public:
  struct Bounds {
    Float4 cap;   // the limit of one network: (h + ln 4) / 4
    Float4 most;  // of the whole sum
  };

  // `counts`: the guards let the attempt count. `with_summary`: update the summaries, which cost more than
  // the sums. True when the limit held back most of a failure. Inline for the common case: a success while
  // the sums are zero.
  bool Add(const AttemptRecord& r, Contribution contribution, bool counts, Duration age,
           const Likelihood& likelihood, const Bounds& bounds, bool with_summary = true) {
    if (contribution.kind == Contribution::Kind::kNeutral) return false;
    if (contribution.kind == Contribution::Kind::kSuccess && AtZero() &&
        !caps_.FailsByItself(r.network.bucket))
      return false;
    return Weigh(r, contribution, counts, age, likelihood, bounds, with_summary);
  }

  // A failure that was added with this contribution has become a success. What the limit held back is taken
  // from the network first; where the sum has returned to zero since, nothing is left to take.
  void Retract(const AttemptRecord& r, Contribution contribution, bool counts, const Likelihood& likelihood,
               const Bounds& bounds);

  bool IgnoresSuccesses() const { return AtZero() && !caps_.AnyFailsByItself(); }

  double Score() const { return LogMeanExp(w_); }
  // The score with networks that fail by themselves counted as one provider. `or_trusted`: where all other
  // sources speak against a severity, trusted ones count for no more than two networks.
  double DiscountedScore(const Bounds& bounds, bool or_trusted) const {
    const Float4 w = w_ - caps_.ProviderExcess(bounds.cap);
    const Float4 alone = others_ < Splat(-rule::kRefuted) ? Min(w, bounds.cap * 2 + others_) : w;
    return LogMeanExp(Max(or_trusted ? alone : w, Splat(0)));
  }
  bool OthersDisagree() const { return AnyAbove(Splat(-rule::kRefuted), others_); }
  double UnguardedScore() const { return LogMeanExp(unguarded_); }
  Float4 sums() const { return w_; }
  Float4 unguarded() const { return unguarded_; }
  const EvidenceSummary& summary() const { return summary_; }
  const EvidenceSummary& unguarded_summary() const { return unguarded_summary_; }

 private:
  bool AtZero() const { return AreZero(unguarded_) && AreZero(w_); }
  bool Weigh(const AttemptRecord& r, Contribution contribution, bool counts, Duration age,
             const Likelihood& likelihood, const Bounds& bounds, bool with_summary);
  // Adds `x` to the guarded sum and returns what of it the limit let pass.
  Float4 AddGuarded(const AttemptRecord& r, Float4 x, const Bounds& bounds);

  Float4 w_{}, unguarded_{};
  Float4 others_{};  // from sources that are not trusted, since w_ last left zero; may be negative
  NetworkCaps caps_;
  EvidenceSummary summary_, unguarded_summary_;
};

}  // namespace candor
