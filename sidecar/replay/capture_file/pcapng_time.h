// SPDX-License-Identifier: Apache-2.0
//
// The clock of one pcapng interface: what a tick is worth (if_tsresol) and where it starts (if_tsoffset).
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace candor {

struct PcapngClock {
  // if_tsresol: 10^-n seconds, or with the top bit set 2^-n. Microseconds unless a file says otherwise.
  uint8_t resolution = 6;
  int64_t offset_seconds = 0;

  // Rounded down to the nanosecond; nothing when the moment lies before 1970 or after 2200,
  // so that nobody who adds to it leaves the range of 64 bits.
  std::optional<Time> At(uint64_t ticks) const;
};

}  // namespace candor
