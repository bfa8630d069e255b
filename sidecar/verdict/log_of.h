// SPDX-License-Identifier: Apache-2.0
//
// The natural logarithm of four numbers at once. The likelihood tables are rebuilt several times a minute,
// and the library's logarithm took most of that time. Pure, thread-safe.
#pragma once

#include <bit>
#include <cstdint>

#include "verdict/severities.h"

namespace candor {

// `x`: normal numbers above zero. Within two units in the last place, or 1e-7 near one.
inline Float4 LogOf(Float4 x) {
  using Bits = int32_t __attribute__((vector_size(16)));
  constexpr int32_t kRootOfHalf = 0x3f3504f3;  // mantissas are taken from [sqrt 1/2, sqrt 2)
  const Bits offset = std::bit_cast<Bits>(x) - kRootOfHalf;
  const Bits exponent = offset >> 23;
  const Float4 m = std::bit_cast<Float4>((offset & 0x007fffff) + kRootOfHalf) - 1.0f;
  const Float4 e = __builtin_convertvector(exponent, Float4);
  // Cephes' polynomial of (log(1 + m) - m + m^2 / 2) / m^3.
  Float4 p = m * 7.0376836292e-2f - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  const Float4 square = m * m;
  // ln 2 in two parts, the larger one exact in every product.
  const Float4 small = p * m * square + e * -2.12194440e-4f - square * 0.5f;
  return m + small + e * 0.693359375f;
}

}  // namespace candor
