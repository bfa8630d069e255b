// SPDX-License-Identifier: Apache-2.0
#include "verdict/running_sum.h"

namespace candor {
namespace {

Four Ratio(Stance stance, Duration age, const Likelihood& likelihood) {
  switch (stance.kind) {
    case Stance::Kind::kForNode:
      return likelihood.for_node;
    case Stance::Kind::kAgainstNode:
      return likelihood.against_node * stance.weight;
    case Stance::Kind::kPending:
      return likelihood.pending[AgeBin(age)] * stance.weight;
    case Stance::Kind::kSilent:
      break;
  }
  return Four{};
}

}  // namespace

bool RunningSum::Add(const AttemptRecord& r, Stance stance, Duration age, const Likelihood& likelihood,
                     const Bounds& bounds) {
  if (stance.kind == Stance::Kind::kSilent) return false;
  const Four x = Ratio(stance, age, likelihood);
  const Four passed = r.network.trusted ? x : votes_.Pass(r.network.bucket, x, bounds.cap);
  w_ = Max(Splat(0), Min(w_ + passed, bounds.most));
  uncapped_ = Max(Splat(0), Min(uncapped_ + x, bounds.most));
  const float weight = Largest(x);
  if (Largest(uncapped_) <= 0) {
    tally_.Clear();
  } else if (stance.kind == Stance::Kind::kAgainstNode || weight > 0) {
    tally_.CountFailing(r, weight);
  } else {
    tally_.CountHealthy(r);
  }
  return stance.kind == Stance::Kind::kAgainstNode && passed[kSeverities - 1] < x[kSeverities - 1] * 0.5f;
}

}  // namespace candor
