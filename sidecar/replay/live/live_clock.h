// SPDX-License-Identifier: Apache-2.0
//
// A live capture stamps packets with the wall clock, which may be set at any time; Candor's live sources
// speak CLOCK_MONOTONIC. Pure; one thread.
#pragma once

#include <algorithm>

#include "base/time.h"

namespace candor {

class LiveClock {
 public:
  // Both clocks read at (nearly) the same moment: once before each batch of packets.
  void Sync(Time monotonic, Duration wall) {
    now_ = monotonic;
    offset_ = wall - monotonic.time_since_epoch();
  }
  // The monotonic moment of a packet stamped `wall`: never before an earlier packet's, and never later than
  // a second after the last Sync(), wherever a wall clock that was set in between would put it.
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
