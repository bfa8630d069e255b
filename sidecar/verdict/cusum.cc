// SPDX-License-Identifier: Apache-2.0
#include "verdict/cusum.h"

namespace candor {
namespace {

// A summary covers the time since its sum last left zero. `weight` above 0: a failure, or a pending attempt
// that may be one.
inline void Summarize(const AttemptRecord& r, Float4 sum, float weight, EvidenceSummary* summary) {
  if (AreZero(sum)) {
    summary->Clear();
  } else if (weight > 0) {
    summary->CountFailing(r, weight);
  } else {
    summary->CountHealthy(r);
  }
}

}  // namespace

Float4 Cusum::AddGuarded(const AttemptRecord& r, Float4 x, const Bounds& bounds) {
  const Float4 passed = r.network.trusted ? x : caps_.Pass(r.network.bucket, x, bounds.cap);
  const Float4 before = w_;
  w_ = Within(w_ + passed, bounds.most);
  caps_.Returned(before, w_);
  return passed;
}

bool Cusum::Weigh(const AttemptRecord& r, Contribution contribution, bool counts, Duration age,
                  const Likelihood& likelihood, const Bounds& bounds, bool with_summary) {
  const Float4 x = likelihood.Ratio(contribution, age);
  const float weight = contribution.kind == Contribution::Kind::kSuccess ? 0 : Largest(x);
  unguarded_ = Within(unguarded_ + x, bounds.most);
  if (with_summary) Summarize(r, unguarded_, weight, &unguarded_summary_);
  if (!counts) return false;
  const Float4 passed = AddGuarded(r, x, bounds);
  if (!r.network.trusted) others_ = Max(others_ + passed, Splat(0) - bounds.most);
  others_ = w_ > Splat(0) ? others_ : Splat(0);
  if (with_summary) Summarize(r, w_, weight, &summary_);
  return contribution.kind == Contribution::Kind::kFailure &&
         passed[kSeverities - 1] < x[kSeverities - 1] * 0.5f;
}

void Cusum::Retract(const AttemptRecord& r, Contribution contribution, bool counts,
                    const Likelihood& likelihood, const Bounds& bounds) {
  const Float4 x = Splat(0) - likelihood.Ratio(contribution, Duration(0));
  unguarded_ = Within(unguarded_ + x, bounds.most);
  if (AreZero(unguarded_)) unguarded_summary_.Clear();
  if (!counts) return;
  const Float4 passed = AddGuarded(r, x, bounds);
  if (!r.network.trusted) others_ = w_ > Splat(0) ? others_ + passed : Splat(0);
  if (AreZero(w_)) summary_.Clear();
}

}  // namespace candor
