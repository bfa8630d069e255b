// SPDX-License-Identifier: Apache-2.0
//
// The kernel's drops of the last two minutes by direction and reason, and how many of them are more than
// usual: strangers who probe closed ports are dropped all day. Pure; one thread; fixed size.
// Tested in tests/verdict/drop_window_test.cc.
#pragma once

#include <array>

#include "flow/socket_counts.h"

namespace candor {

class DropWindow {
 public:
  // The same `counts.at` again, or none, changes nothing; one reading a second is kept.
  void Observe(const SocketCounts& counts);
  // Drops from the reading before `since` to the newest one, of those reasons that were dropped at more than
  // three times the rate of the minute before; 0 of all others.
  DropSums Since(Time since) const;
  // All drops from the reading before `since` to the newest one, usual or not.
  DropSums AllSince(Time since) const;
  // They were counted all the while: without that, 0 says nothing.
  bool KnownSince(Time since) const;

 private:
  static constexpr size_t kKept = 128;  // readings
  struct Reading {
    Time at{};
    DropSums sums{};
    bool known = false;
  };
  // 0: the newest. Only below size_.
  const Reading& Back(size_t n) const { return readings_.at((next_ + kKept - 1 - n) % kKept); }
  size_t LatestBefore(Time t) const;

  std::array<Reading, kKept> readings_{};
  size_t next_ = 0, size_ = 0;
};

}  // namespace candor
