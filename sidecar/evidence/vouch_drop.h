// SPDX-License-Identifier: Apache-2.0
//
// Does the node still honour anybody? A Poisson CUSUM of the rate at which it acknowledges new attempts,
// against its own earlier rate, for a fall to a tenth. Forged attempts raise arrivals but cannot lower this
// rate: it tells a node that went deaf from a flood. The usual rate is not learned while in doubt. Pure.
#pragma once

#include <algorithm>
#include <cmath>

#include "base/time.h"
#include "evidence/forgetting.h"

namespace candor {

class VouchDrop {
 public:
  // The node acknowledged an attempt.
  void Vouched(Time now) {
    Advance(now);
    count_ += 1;
    sum_ = std::max(0.0, sum_ + std::log(kFall));
  }

  void Advance(Time now) {
    if (!begun_) last_ = now, begun_ = true;
    const Duration since = now - last_;
    if (since <= Duration(0)) return;
    const double dt = Seconds(since);
    last_ = now;
    sum_ = std::min(kMost, sum_ + (1 - kFall) * UsualPerSecond() * dt);
    if (sum_ > kDoubt) return;
    const double keep = forgetting_.Keep(since);
    count_ *= keep;
    span_ = span_ * keep + kMemory * (1 - keep);
  }

  // Log-likelihood ratio, at least 0: how much better "a tenth of the usual rate" explains the silence.
  double Sum() const { return sum_; }
  double UsualPerSecond() const { return count_ / span_; }

 private:
  static constexpr double kFall = 0.1, kMost = 12, kDoubt = 2, kMemory = 120;
  Forgetting forgetting_{kMemory};
  double count_ = 0;
  double span_ = 1;  // seconds; one of nothing as the prior
  double sum_ = 0;
  Time last_{};
  bool begun_ = false;
};

}  // namespace candor
