// SPDX-License-Identifier: Apache-2.0
//
// The log-likelihood ratio of one attempt when everything is known: the baseline rate, the severity, the
// setup times. Pure.
#pragma once

#include <algorithm>
#include <cmath>

#include "traffic.h"

namespace candor::bench {

inline constexpr double kExactDeadline = 10;  // seconds: a pending attempt of this age has failed

inline double SetupCdf(double age) {
  return age <= 0 ? 0 : 0.5 * std::erfc(-(std::log(age) - std::log(kSetupMedian)) / kSetupSigma / M_SQRT2);
}

// "The node fails `severity` of all attempts" against health, of an attempt that became active ...
inline double ExactActive(double severity) { return std::log(1 - std::min(severity, 0.9999)); }
// ... or that is pending at `age`.
inline double ExactPending(double usual, double severity, double age) {
  const double f = age >= kExactDeadline ? 1 : SetupCdf(age);
  const double failing = 1 - (1 - usual) * (1 - severity);
  return std::log((1 - (1 - failing) * f) / (1 - (1 - usual) * f));
}

}  // namespace candor::bench
