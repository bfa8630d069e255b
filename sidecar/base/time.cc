// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <ctime>

namespace candor {

Time MonotonicNow() {
  timespec ts{};
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return Time(std::chrono::seconds(ts.tv_sec) + std::chrono::nanoseconds(ts.tv_nsec));
}

}  // namespace candor
