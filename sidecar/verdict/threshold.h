// SPDX-License-Identifier: Apache-2.0
//
// How high the evidence must stand before it is an alarm.
#pragma once

#include <algorithm>
#include <cmath>

namespace candor {

// `per_second`: counted attempts a second, > 0; `allowed`: false alarms per 30 days, > 0. In natural-log
// units. Provably enough would be ln(attempts per 30 days) - ln(allowed); these constants were calibrated
// by simulation with drift, provider outages, retries and bursts (verdict.md "The rule, exactly").
inline double Threshold(double per_second, double allowed) {
  constexpr double kSecondsPerMonth = 30 * 86400.0;
  const double attempts = std::max(1.0, per_second * kSecondsPerMonth);
  return std::max(4.0, 4.1 + 0.45 * std::log(attempts) - 0.9 * std::log(allowed));
}

// The same, provably enough.
inline double ProvenThreshold(double per_second, double allowed) {
  constexpr double kSecondsPerMonth = 30 * 86400.0;
  return std::max(4.0, std::log(std::max(1.0, per_second * kSecondsPerMonth)) - std::log(allowed));
}

}  // namespace candor
