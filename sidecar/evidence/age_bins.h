// SPDX-License-Identifier: Apache-2.0
//
// Logarithmic bins of an age or a set-up time: eight per octave from 4 ms to 33 s, so that a table by bin is
// within 9 % of the exact time. Pure, thread-safe.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace candor {

inline constexpr size_t kAgeBins = 105;  // bin 0: below 4.2 ms, the last: above 33 s

// The bin of `age`; a negative age (events out of order by a microsecond) is bin 0.
constexpr size_t AgeBin(Duration age) {
  constexpr int kFirstOctave = 22;  // 2^22 ns = 4.2 ms
  if (age.count() < (int64_t{1} << kFirstOctave)) return 0;
  const auto ns = static_cast<uint64_t>(age.count());
  const int octave = static_cast<int>(std::bit_width(ns)) - 1;
  const auto eighth = static_cast<size_t>((ns >> (octave - 3)) & 7);
  const size_t bin = 1 + static_cast<size_t>(octave - kFirstOctave) * 8 + eighth;
  return bin < kAgeBins ? bin : kAgeBins - 1;
}

// Where a bin begins; bin 0 begins at zero.
constexpr Duration AgeBinStart(size_t bin) {
  if (bin == 0) return Duration(0);
  const size_t octave = 22 + (bin - 1) / 8, eighth = (bin - 1) % 8;
  return Duration(static_cast<int64_t>((uint64_t{8} + eighth) << (octave - 3)));
}

}  // namespace candor
