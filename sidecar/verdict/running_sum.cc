// SPDX-License-Identifier: Apache-2.0
#include "verdict/running_sum.h"

namespace candor {
namespace {

// A tally tells of the time since its sum last left zero.
void Note(const AttemptRecord& r, Four sum, bool failing, float weight, Tally* tally) {
  if (Largest(sum) <= 0) {
    tally->Clear();
  } else if (failing) {
    tally->CountFailing(r, weight);
  } else {
    tally->CountHealthy(r);
  }
}

}  // namespace

bool RunningSum::Add(const AttemptRecord& r, Stance stance, bool counts, Duration age,
                     const Likelihood& likelihood, const Bounds& bounds) {
  if (stance.kind == Stance::Kind::kSilent) return false;
  const Four x = likelihood.Ratio(stance, age);
  const bool failing = stance.kind == Stance::Kind::kAgainstNode || Largest(x) > 0;
  unguarded_ = Max(Splat(0), Min(unguarded_ + x, bounds.most));
  Note(r, unguarded_, failing, Largest(x), &unguarded_tally_);
  if (!counts) return false;
  const Four passed = r.network.trusted ? x : votes_.Pass(r.network.bucket, x, bounds.cap);
  w_ = Max(Splat(0), Min(w_ + passed, bounds.most));
  Note(r, w_, failing, Largest(x), &tally_);
  return stance.kind == Stance::Kind::kAgainstNode && passed[kSeverities - 1] < x[kSeverities - 1] * 0.5f;
}

}  // namespace candor
