// SPDX-License-Identifier: Apache-2.0
//
// Float4 stories of how sick the node may be, judged side by side in one vector register.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace candor {

inline constexpr size_t kSeverities = 4;
using Float4 = float __attribute__((vector_size(16)));  // one value per severity

inline Float4 Splat(float x) { return Float4{x, x, x, x}; }
inline Float4 Min(Float4 a, Float4 b) { return a < b ? a : b; }
inline Float4 Max(Float4 a, Float4 b) { return a > b ? a : b; }
// Within [0, most]; never a negative zero.
inline Float4 Within(Float4 a, Float4 most) { return a > Splat(0) ? Min(a, most) : Splat(0); }
// All four are +0: cheaper than comparing them.
inline bool AreZero(Float4 a) {
  const auto bits = std::bit_cast<std::array<uint64_t, 2>>(a);
  return (bits[0] | bits[1]) == 0;
}
inline bool AnyAbove(Float4 a, Float4 b) { return !AreZero(a > b ? Splat(1) : Splat(0)); }
inline float Largest(Float4 a) {
  const float low = a[0] > a[1] ? a[0] : a[1], high = a[2] > a[3] ? a[2] : a[3];
  return low > high ? low : high;
}

// Shares of attempts that the node makes fail: geometric from the smallest worth catching to all but 3 %.
inline Float4 SeverityLadder(double smallest) {
  constexpr double kLargest = 0.97;
  const double from = smallest < kLargest ? smallest : kLargest;
  const double step = std::pow(kLargest / from, 1.0 / 3);
  return Float4{static_cast<float>(from), static_cast<float>(from * step),
                static_cast<float>(from * step * step), static_cast<float>(kLargest)};
}

// ln of the mean of exp(w): how much likelier than "as usual" the four stories are together.
inline double LogMeanExp(Float4 w) {
  const double top = static_cast<double>(Largest(w));
  if (top <= 0) return 0;  // sums never fall below zero: all four are there
  double sum = 0;
  for (size_t j = 0; j < kSeverities; ++j) sum += std::exp(static_cast<double>(w[j]) - top);
  return top + std::log(sum / kSeverities);
}

// The failing share that the four stories, weighed by their likelihood, point at.
inline double PosteriorSeverity(Float4 ladder, Float4 w) {
  const float top = Largest(w);
  double sum = 0, weighted = 0;
  for (size_t j = 0; j < kSeverities; ++j) {
    const double e = std::exp(static_cast<double>(w[j] - top));
    sum += e;
    weighted += e * static_cast<double>(ladder[j]);
  }
  return weighted / sum;
}

}  // namespace candor
