// SPDX-License-Identifier: Apache-2.0
//
// How many attempts a second count on this node, forgotten over an hour: it sets how high the alarm must
// stand for the false alarms that the operator allowed. Pure; one thread.
#pragma once

#include <algorithm>
#include <cmath>

#include "base/time.h"

namespace candor {

class ArrivalRate {
 public:
  void Count() { count_ += 1; }

  void Advance(Time now) {
    if (!begun_) last_ = now, begun_ = true;
    const double dt = Seconds(now - last_);
    if (dt < 1) return;
    const double keep = std::exp(-dt / kMemory);
    count_ *= keep;
    span_ = span_ * keep + kMemory * (1 - keep);
    last_ = now;
  }

  double PerSecond() const { return std::max(1e-3, count_ / span_); }

  // Begins again from a rate learned earlier, worth ten minutes.
  void Restore(double per_second) {
    span_ = 600;
    count_ = per_second * span_;
  }

 private:
  static constexpr double kMemory = 3600;
  // A minute of a small node's traffic as the prior: too low a rate would set the alarm too low.
  double count_ = 18;
  double span_ = 60;  // seconds that `count_` is spread over
  Time last_{};
  bool begun_ = false;
};

}  // namespace candor
