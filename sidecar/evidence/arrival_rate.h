// SPDX-License-Identifier: Apache-2.0
//
// How many attempts a second count on this node, forgotten over an hour: it sets how high the alarm must
// stand for the false alarms that the operator allowed. Pure; one thread.
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

  // How many times the usual the last few attempts come at, at least 1; 1 while the usual is not known yet.
  double Surge(Time now) const {
    if (arrivals_ < kSurgeWindow || span_ < kSpanToKnow) return 1;
    const double span = std::max(1e-3, Seconds(now - last_arrivals_[arrivals_ % kSurgeWindow]));
    return std::max(1.0, static_cast<double>(kSurgeWindow) / span / PerSecond());
  }

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
  static constexpr double kSpanToKnow = 600;
  static constexpr size_t kSurgeWindow = 16;
  std::array<Time, kSurgeWindow> last_arrivals_{};
  uint64_t arrivals_ = 0;
  Time last_{};
  bool begun_ = false;
};

}  // namespace candor
