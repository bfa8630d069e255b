// SPDX-License-Identifier: Apache-2.0
//
// How many events a second the judge takes on one core: plain traffic made beforehand, ticks included.
#pragma once

#include <cstdint>

namespace candor::bench {

struct Speed {
  double rate = 0;  // attempts a second: the fewer, the more ticks an event costs
  uint64_t events = 0, ticks = 0;
  double busy_seconds = 0;  // of the processor, the judge alone

  double MillionsPerSecond() const { return static_cast<double>(events) / busy_seconds / 1e6; }
};

// The best of three runs: what else the machine does only ever slows one down.
Speed MeasureSpeed(double rate, uint64_t events);

}  // namespace candor::bench
