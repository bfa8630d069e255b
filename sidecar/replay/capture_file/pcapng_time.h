// SPDX-License-Identifier: Apache-2.0
//
// Timestamps of one pcapng interface: the length of a tick (if_tsresol) and the start (if_tsoffset). Pure.
// Tested by tests/replay/capture_file/capture_reader_test.cc.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace candor {

struct PcapngClock {
  // if_tsresol: 10^-n seconds, or with the top bit set 2^-n seconds. The default is microseconds.
  uint8_t resolution = 6;
  int64_t offset_seconds = 0;

  // Rounded down to the nanosecond. nullopt outside of 1970 to 2200: within, sums with durations do not
  // overflow 64 bits.
  std::optional<Time> At(uint64_t ticks) const;
};

}  // namespace candor
