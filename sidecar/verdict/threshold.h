// SPDX-License-Identifier: Apache-2.0
//
// The threshold h of a sequential test, in natural-log units. `per_second`: counted attempts a second, > 0;
// `allowed`: false alarms per 30 days, > 0. Pure.
#pragma once

#include <algorithm>
#include <cmath>

#include "verdict/rule_constants.h"

namespace candor {

inline double AttemptsPerMonth(double per_second) {
  constexpr double kSecondsPerMonth = 30 * 86400.0;
  return std::max(1.0, per_second * kSecondsPerMonth);
}

// Calibrated by simulation.
inline double Threshold(double per_second, double allowed) {
  using namespace rule;
  return std::max(kLeastThreshold, kThresholdBase +
                                       kThresholdPerLogAttempts * std::log(AttemptsPerMonth(per_second)) -
                                       kThresholdPerLogAllowed * std::log(allowed));
}

// Proven enough (Lorden 1971): ln(attempts per 30 days) - ln(allowed).
inline double ProvenThreshold(double per_second, double allowed) {
  return std::max(rule::kLeastThreshold, std::log(AttemptsPerMonth(per_second)) - std::log(allowed));
}

}  // namespace candor
