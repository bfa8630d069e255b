// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <ctime>

namespace candor {

namespace {

Duration Read(clockid_t clock) {
  timespec ts{};
  clock_gettime(clock, &ts);
  return std::chrono::seconds(ts.tv_sec) + std::chrono::nanoseconds(ts.tv_nsec);
}

}  // namespace

Time MonotonicNow() { return Time(Read(CLOCK_MONOTONIC)); }
Duration SinceBoot() { return Read(CLOCK_BOOTTIME); }

}  // namespace candor
