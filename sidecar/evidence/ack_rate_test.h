// SPDX-License-Identifier: Apache-2.0
//
// A Poisson CUSUM of the rate at which the node acknowledges new attempts, for a fall to a tenth of its
// earlier rate. Forged attempts raise arrivals but cannot lower this rate, so it distinguishes a node that
// stopped answering from a flood. The baseline rate is not learned while a fall is suspected. The sum is
// bounded just above its threshold, so that recovery is quick. Pure; one thread.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/time.h"

namespace candor {

class AckRateTest {
 public:
  // `threshold`, above 0: the largest value that Sum() is compared with.
  void SetThreshold(double threshold) { most_ = threshold + kBeyond; }

  // The node acknowledged an attempt.
  void Acknowledged(Time now) {
    Advance(now);
    const bool suspected = sum_ > kSuspected;
    if (suspected) Learn(kSlow * std::exchange(unlearned_, 0.0));
    count_ += suspected ? kSlow : 1;
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
    if (sum_ > kSuspected) unlearned_ = std::min(kMostUnlearned, unlearned_ + dt);
    if (before <= kSuspected) Learn(sum_ <= kSuspected ? dt : dt * (kSuspected - before) / rise);
  }

  // The log-likelihood ratio, at least 0, of "a tenth of the baseline rate" to "the baseline rate".
  double Sum() const { return sum_; }
  double BaselinePerSecond() const { return count_ / span_; }
  // Enough acknowledgements for a baseline rate: before, Sum() shows nothing.
  bool known() const { return known_ >= kKnown; }

 private:
  // Learns from the time without suspicion, and from the acknowledgements within it. The beginning of a
  // suspected gap counts too: without it the rate would be too high, which raises the sum and causes the next
  // suspicion.
  void Learn(double seconds) {
    // Decays over the larger of two minutes and thirty attempts, the least that determine a rate.
    const double decay = std::min(1 / kMemory, BaselinePerSecond() / kMemoryAttempts);
    const double keep = std::exp(-decay * seconds);
    count_ *= keep;
    span_ = span_ * keep + (decay > 0 ? (1 - keep) / decay : seconds);
  }

  static constexpr double kFall = 0.1, kBeyond = 2, kSuspected = 2, kMemory = 120, kMemoryAttempts = 30;
  static constexpr uint32_t kKnown = 8;  // attempts, before which there is no baseline rate
  // A lasting fall with further acknowledgements is a fall of demand, as at night: learned, fifteen times as
  // slowly. A silence is not learned, except for up to kMostUnlearned seconds when it ends.
  static constexpr double kSlow = 1.0 / 15, kMostUnlearned = 600;
  double count_ = 0;
  double span_ = 1;  // seconds; the prior is one without attempts
  double sum_ = 0;
  uint32_t known_ = 0;          // acknowledgements so far, up to kKnown
  double unlearned_ = 0;        // seconds under suspicion since the last acknowledgement
  double most_ = 12 + kBeyond;  // until SetThreshold()
  Time last_{};
  bool begun_ = false;
};

}  // namespace candor
