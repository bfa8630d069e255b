// SPDX-License-Identifier: Apache-2.0
//
// The time of the pipeline's last tick, on which /livez depends. Thread-safe.
// Tested in tests/web/heartbeat_test.cc.
#pragma once

#include <atomic>

#include "base/time.h"

namespace candor::web {

class Heartbeat {
 public:
  explicit Heartbeat(Time now) : last_(NanosOf(now)) {}

  void Beat(Time now) { last_.store(NanosOf(now), std::memory_order_relaxed); }
  // Never negative: `now` may have been read before the last Beat().
  Duration Age(Time now) const {
    const Time last = TimeFromNanos(last_.load(std::memory_order_relaxed));
    return now > last ? now - last : Duration::zero();
  }

 private:
  std::atomic<uint64_t> last_;
};

}  // namespace candor::web
