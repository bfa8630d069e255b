// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <span>

#include "base/time.h"

namespace candor {

inline constexpr Duration kForever{-1};

// poll(2) on `fds`, which it fills in; negative descriptors are left out. `timeout` is rounded up to a
// millisecond; below zero it has no end. The number of ready descriptors; 0: the time is over or a signal
// came; -1 with errno: the wait failed.
inline int PollFds(std::span<pollfd> fds, Duration timeout) {
  const int64_t ms = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
  const int most = std::numeric_limits<int>::max();
  const int wait = timeout < Duration::zero() ? -1 : static_cast<int>(std::min<int64_t>(ms, most));
  const int ready = ::poll(fds.data(), fds.size(), wait);
  return ready < 0 && errno == EINTR ? 0 : ready;
}

// Whether `fd` became readable, or hung up, within `timeout`.
inline bool WaitReadable(int fd, Duration timeout) {
  pollfd waiting{fd, POLLIN, 0};
  return PollFds({&waiting, 1}, timeout) > 0;
}

}  // namespace candor
