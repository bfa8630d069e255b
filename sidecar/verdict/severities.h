// SPDX-License-Identifier: Apache-2.0
//
// The four hypotheses of one test, side by side in a vector register: the shares of attempts that the node
// makes fail. Pure, thread-safe.
// Tested in tests/verdict/likelihood_test.cc and tests/verdict/cusum_test.cc.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "verdict/rule_constants.h"

namespace candor {

inline constexpr size_t kSeverities = 4;
using Float4 = float __attribute__((vector_size(16)));  // one value per severity

inline Float4 Splat(float x) { return Float4{x, x, x, x}; }
inline Float4 Min(Float4 a, Float4 b) { return a < b ? a : b; }
inline Float4 Max(Float4 a, Float4 b) { return a > b ? a : b; }
// Clamped to [0, most]; never a negative zero.
inline Float4 Within(Float4 a, Float4 most) { return a > Splat(0) ? Min(a, most) : Splat(0); }
// All four are +0; cheaper than four comparisons.
inline bool AreZero(Float4 a) {
  const auto bits = std::bit_cast<std::array<uint64_t, 2>>(a);
  return (bits[0] | bits[1]) == 0;
}
inline bool AnyAbove(Float4 a, Float4 b) { return !AreZero(a > b ? Splat(1) : Splat(0)); }
inline float Largest(Float4 a) {
  const float low = a[0] > a[1] ? a[0] : a[1], high = a[2] > a[3] ? a[2] : a[3];
  return low > high ? low : high;
}

// Geometric from `smallest`, in (0, 1), to kLargestSeverity.
inline Float4 SeverityLadder(double smallest) {
  constexpr double kLargest = rule::kLargestSeverity;
  const double from = smallest < kLargest ? smallest : kLargest;
  const double step = std::pow(kLargest / from, 1.0 / 3);
  return Float4{static_cast<float>(from), static_cast<float>(from * step),
                static_cast<float>(from * step * step), static_cast<float>(kLargest)};
}

// ln of the mean of exp(w): the log-likelihood ratio of the four hypotheses together. 0 where all are 0.
inline double LogMeanExp(Float4 w) {
  const double top = static_cast<double>(Largest(w));
  if (top <= 0) return 0;  // sums are never negative: all four are zero
  double sum = 0;
  for (size_t j = 0; j < kSeverities; ++j) sum += std::exp(static_cast<double>(w[j]) - top);
  return top + std::log(sum / kSeverities);
}

// The mean of the severities, weighed by their likelihood.
inline double PosteriorSeverity(Float4 severities, Float4 w) {
  const float top = Largest(w);
  double sum = 0, weighted = 0;
  for (size_t j = 0; j < kSeverities; ++j) {
    const double e = std::exp(static_cast<double>(w[j] - top));
    sum += e;
    weighted += e * static_cast<double>(severities[j]);
  }
  return weighted / sum;
}

}  // namespace candor
