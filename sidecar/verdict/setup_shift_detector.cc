// SPDX-License-Identifier: Apache-2.0
#include "verdict/setup_shift_detector.h"

#include <algorithm>

namespace candor {
namespace {

// Twice what the prior weighs (SetupTime::Prior): the median is the node's own then, to far less than the
// factor below. The 99th percentile of kSlowSetup needs more.
constexpr double kSetupsToKnow = 60;
// What nobody complains of: a round trip more, 28 ms that become 90.
constexpr Duration kNoHarm = std::chrono::milliseconds(300);
// Crowds and busy hours double setup times; a setup has some five round trips, so clients five times as far
// away as usual reach it too.
constexpr int kTimesMedian = 5;
// By the definition of a median no more than half are usually above it, and as many of a healthy node's
// clients may come from another continent at once.
constexpr double kUsual = 0.5;
// Nearly everybody: four of five at least, or it is some clients' distance.
constexpr double kFewest = 0.8;

}  // namespace

SetupShiftDetector::SetupShiftDetector(double allowed, const ContributionOptions& contributions)
    : contributions_(contributions),
      test_(Detector::kSetupShift, SeverityLadder(kFewest), allowed * kAllowance) {
  test_.Tune(kUsual, Likelihood::OfSettled(kUsual, test_.ladder()));
}

void SetupShiftDetector::Tune(const Baseline& baseline, double widening) {
  const bool known = baseline.setups_learned() >= kSetupsToKnow;
  median_ = baseline.setup().Quantile(0.5);
  const Duration far = std::max(kNoHarm, median_ * kTimesMedian);
  contributions_.slow = known ? FromSeconds(Seconds(far) * widening) : Duration::max();
}

double SetupShiftDetector::Slowdown(const Baseline& baseline) const {
  if (came_ < last_.size()) return 1;
  // The third slowest of sixteen against the usual like of it: one of them is always an odd client.
  constexpr size_t kThird = 13;
  auto sorted = last_;
  std::nth_element(sorted.begin(), sorted.begin() + kThird, sorted.end());
  const Duration usual = std::max<Duration>(std::chrono::milliseconds(1), baseline.setup().Quantile(0.85));
  const double times = Seconds(sorted[kThird]) / Seconds(usual);
  double power = 1;
  while (power < times && power < 64) power *= 2;
  return power;
}

void SetupShiftDetector::Weigh(const AttemptEvidence& evidence, Time now, Time from, bool exactly) {
  if (contributions_.slow == Duration::max()) return test_.ClearProvisional();
  double ceiling = test_.Ceiling();
  const double one = test_.MostOf({Contribution::Kind::kFailure, 1}, Duration(0));
  for (const AttemptRecord& r : evidence.arrivals().records()) {
    const bool slow = r.start >= from && Of(r, now).kind == Contribution::Kind::kFailure;
    if (slow) ceiling += one;
  }
  if (exactly && ceiling <= 0) return test_.ClearProvisional();
  if (!exactly && ceiling < test_.h() / 2) return test_.SkipProvisional(ceiling);
  Try(evidence, now, from, exactly);
  if (!exactly && test_.Doubtful()) Try(evidence, now, from, true);
}

void SetupShiftDetector::Try(const AttemptEvidence& evidence, Time now, Time from, bool told) {
  test_.BeginProvisional();
  for (const AttemptRecord& r : evidence.arrivals().records()) {
    if (r.start >= from) test_.Try(r, Of(r, now), now - r.start, told);
  }
  test_.EndProvisional();
}

}  // namespace candor
