// SPDX-License-Identifier: Apache-2.0
//
// Attempts per second on this node, exponentially decayed over an hour. The detectors' thresholds depend on
// it: more attempts need a higher threshold for the same rate of false alarms. Pure; one thread.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "base/time.h"

namespace candor {

class ArrivalRate {
 public:
  void Count(Time at) {
    count_ += 1;
    last_arrivals_[arrivals_++ % kSurgeWindow] = at;
  }

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

  // The rate of the last 16 attempts relative to the hourly one, at least 1; 1 while the latter is not known.
  double Surge(Time now) const {
    if (arrivals_ < kSurgeWindow || span_ < kSpanToKnow) return 1;
    const double span = std::max(1e-3, Seconds(now - last_arrivals_[arrivals_ % kSurgeWindow]));
    return std::max(1.0, static_cast<double>(kSurgeWindow) / span / PerSecond());
  }

  // Starts from a rate learned earlier, with a weight of ten minutes.
  void Restore(double per_second) {
    span_ = 600;
    count_ = per_second * span_;
  }

 private:
  static constexpr double kMemory = 3600;
  // The prior is a minute of a small node's traffic: too low a rate would set the thresholds too low.
  double count_ = 18;
  double span_ = 60;  // seconds over which `count_` is spread
  static constexpr double kSpanToKnow = 600;
  static constexpr size_t kSurgeWindow = 16;
  std::array<Time, kSurgeWindow> last_arrivals_{};
  uint64_t arrivals_ = 0;
  Time last_{};
  bool begun_ = false;
};

}  // namespace candor
