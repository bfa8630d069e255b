// SPDX-License-Identifier: Apache-2.0
//
// The CUSUM of one channel over attempts in order of arrival: four severities side by side, never below
// zero, no network counting beyond its cap; and beside it the same of all comers, without caps and retries
// included, which shows what the guards hold back. Pure value: the judge copies it and adds the pending
// attempts on top of the copy.
#pragma once

#include "evidence/stance.h"
#include "verdict/likelihood.h"
#include "verdict/network_votes.h"
#include "verdict/tally.h"

namespace candor {

class RunningSum {
 public:
  struct Bounds {
    Four cap;   // of one network: (h + ln 4) / 4
    Four most;  // of the whole sum: beyond twice the alarm nothing is gained, only recovery is late
  };

  // `counts`: the guards let the attempt speak. `told`: keep the tallies, which cost more than the sums.
  // Returns true when the cap held back most of a failure. Inline for most attempts: they become active
  // while nothing speaks against the node, and there is nothing to wear off.
  bool Add(const AttemptRecord& r, Stance stance, bool counts, Duration age, const Likelihood& likelihood,
           const Bounds& bounds, bool told = true) {
    if (stance.kind == Stance::Kind::kSilent) return false;
    if (stance.kind == Stance::Kind::kForNode && AtZero() && !votes_.Broken(r.network.bucket)) return false;
    return Weigh(r, stance, counts, age, likelihood, bounds, told);
  }

  // A failure that was added with this stance was none after all. What the cap held back is given back first
  // to the network; where the story has ended meanwhile nothing is left to give back.
  void TakeBack(const AttemptRecord& r, Stance stance, bool counts, const Likelihood& likelihood,
                const Bounds& bounds);

  // Attempts that speak for the node change nothing.
  bool Rests() const { return AtZero() && !votes_.AnyBroken(); }

  double Z() const { return MeanLikelihood(w_); }
  // The same with networks that fail by themselves counted as one provider. `or_trusted`: trusted sources
  // among them; where all others speak against a severity, those count for no more than two networks.
  double SoberZ(const Bounds& bounds, bool or_trusted) const {
    const Four w = w_ - votes_.TooMuch(bounds.cap);
    const Four alone = others_ < Splat(-kRefuted) ? Min(w, bounds.cap * 2 + others_) : w;
    return MeanLikelihood(Max(or_trusted ? alone : w, Splat(0)));
  }
  bool OthersDisagree() const { return AnyAbove(Splat(-kRefuted), others_); }
  double UnguardedZ() const { return MeanLikelihood(unguarded_); }
  Four sums() const { return w_; }
  Four unguarded() const { return unguarded_; }
  const Tally& tally() const { return tally_; }
  const Tally& unguarded_tally() const { return unguarded_tally_; }

 private:
  bool AtZero() const { return AreZero(unguarded_) && AreZero(w_); }
  bool Weigh(const AttemptRecord& r, Stance stance, bool counts, Duration age, const Likelihood& likelihood,
             const Bounds& bounds, bool told);

  static constexpr float kRefuted = 1;  // they, too, would have shown it

  Four w_{}, unguarded_{};
  Four others_{};  // what others than trusted sources brought since the sum last left zero; can be below it
  NetworkVotes votes_;
  Tally tally_, unguarded_tally_;
};

}  // namespace candor
