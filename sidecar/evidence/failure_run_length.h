// SPDX-License-Identifier: Apache-2.0
//
// The length of runs of failed attempts on a healthy node: clients that leave one after another look like a
// node that fails all of them, until one succeeds. A run length that ended by itself more than once is part
// of the baseline. Pure; one thread.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "base/time.h"

namespace candor {

class FailureRunLength {
 public:
  // The next counted attempt in order of arrival, at `at`, failed or became active.
  void Failed(Time at) {
    Decay(at);
    ++run_;
  }
  void Succeeded(Time at) {
    Decay(at);
    if (run_ >= kShortest && run_ <= kLongest) seen_[run_] += 1;
    run_ = 0;
  }

  // The longest run seen more than once within some days; 0: none.
  size_t Longest() const {
    double at_least = 0;
    for (size_t length = kLongest; length >= kShortest; --length) {
      at_least += seen_[length];
      if (at_least > kOnce) return length;
    }
    return 0;
  }

  // Runs of each length, exponentially decayed: saved across restarts.
  static constexpr size_t kLongest = 12;
  using Seen = std::array<double, kLongest + 1>;
  const Seen& seen() const { return seen_; }
  // Restores what seen() was `age` ago.
  void Restore(const Seen& seen, Duration age) {
    *this = FailureRunLength();
    for (size_t i = kShortest; i <= kLongest; ++i) seen_[i] = seen[i] * std::exp(-Seconds(age) / kMemory);
  }

 private:
  // Longer runs were failures that an operator repaired; shorter ones are chance.
  static constexpr size_t kShortest = 3;
  static constexpr double kOnce = 1.2, kMemory = 7 * 86400.0;

  void Decay(Time at) {
    if (decayed_ == Time{}) decayed_ = at;
    const double dt = Seconds(at - decayed_);
    if (dt < 3600) return;
    decayed_ = at;
    for (double& n : seen_) n *= std::exp(-dt / kMemory);
  }

  Seen seen_{};
  size_t run_ = 0;
  Time decayed_{};
};

}  // namespace candor
