// SPDX-License-Identifier: Apache-2.0
//
// How many attempts in a row come to nothing on a healthy node: clients that leave one after another look
// like a node that fails all, until somebody succeeds. What the node has come out of by itself again and
// again is usual. Pure; one thread.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "base/time.h"

namespace candor {

class FailureRunLength {
 public:
  // The next counted attempt in order of arrival, which arrived at `at`, came to nothing, or became active.
  void Failed(Time at) {
    Forget(at);
    ++run_;
  }
  void Succeeded(Time at) {
    Forget(at);
    if (run_ >= kShortest && run_ <= kLongest) seen_[run_] += 1;
    run_ = 0;
  }

  // The longest that was seen more than once in some days; 0: none.
  size_t Longest() const {
    double at_least = 0;
    for (size_t length = kLongest; length >= kShortest; --length) {
      at_least += seen_[length];
      if (at_least > kOnce) return length;
    }
    return 0;
  }

  // How often rows of each length were seen, lately more than long ago: what outlives the process.
  static constexpr size_t kLongest = 12;
  using Seen = std::array<double, kLongest + 1>;
  const Seen& seen() const { return seen_; }
  // Takes up what was seen() `age` ago.
  void Restore(const Seen& seen, Duration age) {
    *this = FailureRunLength();
    for (size_t i = kShortest; i <= kLongest; ++i) seen_[i] = seen[i] * std::exp(-Seconds(age) / kMemory);
  }

 private:
  // Longer ones were a failure that somebody mended; shorter ones are chance.
  static constexpr size_t kShortest = 3;
  static constexpr double kOnce = 1.2, kMemory = 7 * 86400.0;

  void Forget(Time at) {
    if (forgotten_ == Time{}) forgotten_ = at;
    const double dt = Seconds(at - forgotten_);
    if (dt < 3600) return;
    forgotten_ = at;
    for (double& n : seen_) n *= std::exp(-dt / kMemory);
  }

  Seen seen_{};
  size_t run_ = 0;
  Time forgotten_{};
};

}  // namespace candor
