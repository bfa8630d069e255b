// SPDX-License-Identifier: Apache-2.0
//
// When the pipeline's loop last turned: all that /livez looks at. Thread-safe.
#pragma once

#include <atomic>

#include "base/time.h"

namespace candor::web {

class Heartbeat {
 public:
  explicit Heartbeat(Time now) : last_(NanosOf(now)) {}

  void Beat(Time now) { last_.store(NanosOf(now), std::memory_order_relaxed); }
  // Never negative: the reader may have looked at the clock before the writer did.
  Duration Age(Time now) const {
    const Time last = TimeFromNanos(last_.load(std::memory_order_relaxed));
    return now > last ? now - last : Duration::zero();
  }

 private:
  std::atomic<uint64_t> last_;
};

}  // namespace candor::web
