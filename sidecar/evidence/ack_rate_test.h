// SPDX-License-Identifier: Apache-2.0
//
// Does the node still honour anybody? A Poisson CUSUM of the rate at which it acknowledges new attempts,
// against its own earlier rate, for a fall to a tenth. Forged attempts raise arrivals but cannot lower this
// rate: it tells a node that went deaf from a flood. The usual rate is not learned while in doubt. The sum is
// bounded a little above the threshold that it is compared with, so that recovery is quick and the threshold
// is always within reach. Pure; one thread.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/time.h"

namespace candor {

class AckRateTest {
 public:
  // `alarm`, above 0: the largest value that Sum() is compared with.
  void SetThreshold(double alarm) { most_ = alarm + kBeyond; }

  // The node acknowledged an attempt.
  void Acknowledged(Time now) {
    Advance(now);
    const bool doubt = sum_ > kDoubt;
    if (doubt) Learn(kSlow * std::exchange(unlearned_, 0.0));
    count_ += doubt ? kSlow : 1;
    if (known_ < kKnown) ++known_;
    sum_ = std::max(0.0, sum_ + std::log(kFall));
  }

  void Advance(Time now) {
    if (!begun_) last_ = now, begun_ = true;
    const Duration since = now - last_;
    if (since <= Duration(0)) return;
    last_ = now;
    const double dt = Seconds(since), before = sum_, rise = (1 - kFall) * BaselinePerSecond() * dt;
    if (known_ < kKnown) return Learn(dt);
    sum_ = std::min(most_, sum_ + rise);
    if (sum_ > kDoubt) unlearned_ = std::min(kMostUnlearned, unlearned_ + dt);
    if (before <= kDoubt) Learn(sum_ <= kDoubt ? dt : dt * (kDoubt - before) / rise);
  }

  // Log-likelihood ratio, at least 0: how much better "a tenth of the usual rate" explains the silence.
  double Sum() const { return sum_; }
  double BaselinePerSecond() const { return count_ / span_; }

 private:
  // Time until the doubt, and what is acknowledged in it. Of a gap as long as comes by chance at times its
  // beginning counts: without it the rate would be too high, which lifts the sum, which is doubt again.
  void Learn(double seconds) {
    // Forgotten over the larger of two minutes and thirty attempts: of fewer nobody knows a rate.
    const double forget = std::min(1 / kMemory, BaselinePerSecond() / kMemoryAttempts);
    const double keep = std::exp(-forget * seconds);
    count_ *= keep;
    span_ = span_ * keep + (forget > 0 ? (1 - keep) / forget : seconds);
  }

  static constexpr double kFall = 0.1, kBeyond = 2, kDoubt = 2, kMemory = 120, kMemoryAttempts = 30;
  static constexpr uint32_t kKnown = 8;  // attempts, before which there is no usual rate to fall from
  // A fall that lasts while the node goes on acknowledging is one of its clients, as at night: learned,
  // fifteen times as slowly. Of a silence nothing is learned, but for so many seconds when it is over.
  static constexpr double kSlow = 1.0 / 15, kMostUnlearned = 600;
  double count_ = 0;
  double span_ = 1;  // seconds; one of nothing as the prior
  double sum_ = 0;
  uint32_t known_ = 0;          // acknowledged so far, up to kKnown
  double unlearned_ = 0;        // seconds in doubt since the last one
  double most_ = 12 + kBeyond;  // until SetThreshold()
  Time last_{};
  bool begun_ = false;
};

}  // namespace candor
