// SPDX-License-Identifier: Apache-2.0
//
// The sequential test of recovery: the baseline against half the severity seen, over attempts that arrived
// since the test began. Pure; one thread.
#pragma once

#include <algorithm>
#include <cmath>

#include "base/time.h"
#include "verdict/rule_constants.h"

namespace candor {

class Recovery {
 public:
  // `severity`: failing share seen, 0..1; `baseline_rate`: 0..1, exclusive. Only attempts that arrive at
  // `since` or later count.
  void Begin(Time since, double severity, double baseline_rate) {
    since_ = since;
    const double half = std::clamp(severity / 2, rule::kLeastRecoverySeverity, rule::kMostRecoverySeverity);
    success_ = -std::log(1 - half);
    failure_ = -std::log((1 - (1 - baseline_rate) * (1 - half)) / baseline_rate);
    sum_ = 0;
  }

  void Count(Time arrived, bool failed) {
    if (arrived < since_) return;
    // Bounded below, so that a long failure does not need as long a health to be outweighed.
    sum_ = std::clamp(sum_ + (failed ? failure_ : success_), -rule::kReturnOdds,
                      rule::kMostRecovery * rule::kReturnOdds);
  }

  double Sum() const { return sum_; }  // log odds for health
  Time since() const { return since_; }

 private:
  Time since_{};
  double success_ = 0, failure_ = 0, sum_ = 0;
};

}  // namespace candor
