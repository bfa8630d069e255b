// SPDX-License-Identifier: Apache-2.0
//
// How the successes must speak after an alarm: a sequential test of "as usual" against half the severity
// seen, over attempts admitted since the test began. Pure; one thread.
#pragma once

#include <algorithm>
#include <cmath>

#include "base/time.h"

namespace candor {

class Recovery {
 public:
  // 100 to 1: what a first return needs.
  static constexpr double kOdds = 4.605170185988092;
  static constexpr double kMostOdds = 10;  // times kOdds that Sum() can reach

  // `severity`: failing share seen, 0..1; `usual`: 0..1, exclusive. Only attempts that arrived at or after
  // `since` count.
  void Begin(Time since, double severity, double usual) {
    since_ = since;
    const double half = std::clamp(severity / 2, 0.05, 0.5);
    success_ = -std::log(1 - half);
    failure_ = -std::log((1 - (1 - usual) * (1 - half)) / usual);
    sum_ = 0;
  }

  void Count(Time arrived, bool failed) {
    if (arrived < since_) return;
    // Bounded below: a long illness must not need as long a health to be outweighed.
    sum_ = std::clamp(sum_ + (failed ? failure_ : success_), -kOdds, kMostOdds * kOdds);
  }

  double Sum() const { return sum_; }
  Time since() const { return since_; }

 private:
  Time since_{};
  double success_ = 0, failure_ = 0, sum_ = 0;
};

}  // namespace candor
