// SPDX-License-Identifier: Apache-2.0
#include "verdict/setup_shift_detector.h"

#include <algorithm>

namespace candor {

SetupShiftDetector::SetupShiftDetector(double allowed, const ContributionOptions& contributions)
    : contributions_(contributions),
      test_(Detector::kSetupShift, SeverityLadder(rule::kLeastShifted), allowed * rule::kSetupShiftBudget) {
  test_.Tune(rule::kSlowBaseline, Likelihood::OfConcluded(rule::kSlowBaseline, test_.severities()));
}

void SetupShiftDetector::Tune(const Baseline& baseline, double surge) {
  const bool known = baseline.setups_learned() >= rule::kSetupsForMedian;
  median_ = baseline.setup().Quantile(0.5);
  const Duration far = std::max(rule::kNoHarm, median_ * rule::kSlowMedians);
  contributions_.slow = known ? FromSeconds(Seconds(far) * surge) : Duration::max();
}

double SetupShiftDetector::Slowdown(const Baseline& baseline) const {
  if (added_ < last_.size()) return 1;
  // The third slowest of sixteen against the baseline's: one or two are always odd clients.
  constexpr size_t kThirdSlowest = 13;
  auto sorted = last_;
  std::nth_element(sorted.begin(), sorted.begin() + kThirdSlowest, sorted.end());
  const Duration usual = std::max<Duration>(std::chrono::milliseconds(1), baseline.setup().Quantile(0.85));
  const double times = Seconds(sorted[kThirdSlowest]) / Seconds(usual);
  double power = 1;
  while (power < times && power < rule::kMostSlowdown) power *= 2;
  return power;
}

void SetupShiftDetector::Weigh(const AttemptEvidence& evidence, Time now, Time from, bool exactly) {
  if (limit() == Duration::max()) return test_.Clear();
  const auto records = evidence.arrivals().records();
  double ceiling = test_.Ceiling();
  const double one = test_.MostOf({Contribution::Kind::kFailure, 1}, Duration(0));
  for (const AttemptRecord& r : records) {
    const bool slow = r.start >= from && Of(r, now).kind == Contribution::Kind::kFailure;
    if (slow) ceiling += one;
  }
  test_.Weigh(ceiling, exactly, [&](bool with_summary) {
    for (const AttemptRecord& r : records) {
      if (r.start >= from) test_.AddPending(r, Of(r, now), now - r.start, with_summary);
    }
  });
}

}  // namespace candor
