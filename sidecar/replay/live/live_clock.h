// SPDX-License-Identifier: Apache-2.0
//
// Converts the timestamps of a live capture, which are of the wall clock, to CLOCK_MONOTONIC. The wall clock
// may be set at any time. Pure; one thread.
#pragma once

#include <algorithm>

#include "base/time.h"

namespace candor {

class LiveClock {
 public:
  // Both clocks, read at nearly the same moment: before each batch of packets.
  void Sync(Time monotonic, Duration wall) {
    now_ = monotonic;
    offset_ = wall - monotonic.time_since_epoch();
  }
  // The monotonic time of a packet with the timestamp `wall`: not before that of an earlier packet, and at
  // most a second after the last Sync(), also when the wall clock was set meanwhile.
  Time At(Duration wall) {
    const Time t{wall - offset_};
    last_ = std::max(last_, std::min(t, now_ + std::chrono::seconds(1)));
    return last_;
  }

 private:
  Time now_{}, last_{};
  Duration offset_{};
};

}  // namespace candor
