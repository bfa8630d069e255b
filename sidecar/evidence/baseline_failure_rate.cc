// SPDX-License-Identifier: Apache-2.0
#include "evidence/baseline_failure_rate.h"

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

// Nominal, by the decayed count: the decay halves the variance of the mean, so this is 1.4 standard errors.
constexpr double kStandardErrors = 1;
// The bound is at least half of the week's average: a trough of a drifting rate is not the baseline.
constexpr double kLeastOfWeek = 0.5;
constexpr double kWideningPerHour = 0.15;
constexpr double kMostOverWeek = 2.2;

}  // namespace

void BaselineFailureRate::Absorb(double n, double failed, double keep, double keep_week) {
  sums_.n = sums_.n * keep + n;
  sums_.failed = sums_.failed * keep + failed;
  sums_.week_n = sums_.week_n * keep_week + n;
  sums_.week_failed = sums_.week_failed * keep_week + failed;
}

double BaselineFailureRate::Mean() const {
  const double weight = options_.prior_weight;
  return (sums_.failed + weight * options_.prior) / (sums_.n + weight);
}

double BaselineFailureRate::Bound(Duration age) const {
  const double mean = Mean();
  const double error = std::sqrt(mean * (1 - mean) / (sums_.n + options_.prior_weight));
  const double week = (sums_.week_failed + options_.week_prior_weight * options_.prior) /
                      (sums_.week_n + options_.week_prior_weight);
  const double hours = std::max(0.0, Seconds(age) / 3600);
  const double upper =
      std::max(mean + kStandardErrors * error, kLeastOfWeek * week) * (1 + kWideningPerHour * hours);
  return std::clamp(std::min(upper, kMostOverWeek * week), options_.lowest, options_.highest);
}

}  // namespace candor
