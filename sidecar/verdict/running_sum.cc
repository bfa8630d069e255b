// SPDX-License-Identifier: Apache-2.0
#include "verdict/running_sum.h"

namespace candor {
namespace {

// A tally tells of the time since its sum last left zero. `weight` above 0: a failure, or what looks like
// one.
inline void Note(const AttemptRecord& r, Four sum, float weight, Tally* tally) {
  if (AreZero(sum)) {
    tally->Clear();
  } else if (weight > 0) {
    tally->CountFailing(r, weight);
  } else {
    tally->CountHealthy(r);
  }
}

}  // namespace

bool RunningSum::Weigh(const AttemptRecord& r, Stance stance, bool counts, Duration age,
                       const Likelihood& likelihood, const Bounds& bounds, bool told) {
  const Four x = likelihood.Ratio(stance, age);
  // Most attempts are for the node, and their weight is nobody's concern.
  const float weight = stance.kind == Stance::Kind::kForNode ? 0 : Largest(x);
  unguarded_ = Within(unguarded_ + x, bounds.most);
  if (told) Note(r, unguarded_, weight, &unguarded_tally_);
  if (!counts) return false;
  const Four passed = r.network.trusted ? x : votes_.Pass(r.network.bucket, x, bounds.cap);
  const Four before = w_;
  w_ = Within(w_ + passed, bounds.most);
  votes_.Returned(before, w_);
  if (!r.network.trusted) others_ = Max(others_ + passed, Splat(0) - bounds.most);
  others_ = w_ > Splat(0) ? others_ : Splat(0);
  if (told) Note(r, w_, weight, &tally_);
  return stance.kind == Stance::Kind::kAgainstNode && passed[kSeverities - 1] < x[kSeverities - 1] * 0.5f;
}

void RunningSum::TakeBack(const AttemptRecord& r, Stance stance, bool counts, const Likelihood& likelihood,
                          const Bounds& bounds) {
  const Four x = Splat(0) - likelihood.Ratio(stance, Duration(0));
  unguarded_ = Within(unguarded_ + x, bounds.most);
  if (AreZero(unguarded_)) unguarded_tally_.Clear();
  if (!counts) return;
  const Four passed = r.network.trusted ? x : votes_.Pass(r.network.bucket, x, bounds.cap);
  const Four before = w_;
  w_ = Within(w_ + passed, bounds.most);
  votes_.Returned(before, w_);
  if (!r.network.trusted) others_ = w_ > Splat(0) ? others_ + passed : Splat(0);
  if (AreZero(w_)) tally_.Clear();
}

}  // namespace candor
