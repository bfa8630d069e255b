// SPDX-License-Identifier: Apache-2.0
//
// Sessions that one listening port accepts beside the attempts that begin: how many sessions an attempt
// usually takes, learned by regression over blocks of ten seconds. Health checks and polls, whose number does
// not follow that of the attempts, are the floor of the regression. A port whose sessions do not explain half
// of the variation of the attempts (one WebSocket for many calls, pooled HTTP of a balancer) tells nothing:
// known() is false. Pure; one thread. Tested in tests/evidence/session_ratio_test.cc.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/time.h"

namespace candor {

class SessionRatio {
 public:
  void Accepted(uint64_t n) { accepted_ += static_cast<double>(n); }
  void Began(uint64_t n) { began_ += static_cast<double>(n); }

  // `learn`: the block that ends now is a usual one.
  void Advance(Time now, bool learn) {
    if (!begun_) begun_ = true, block_ = now;
    if (now - block_ < kBlock) return;
    const double blocks = Seconds(now - block_) / Seconds(kBlock);
    if (learn && blocks < kMostBlocks) Learn(accepted_ / blocks, began_ / blocks);
    block_ = now;
    accepted_ = began_ = 0;
  }

  bool known() const { return n_ >= kEnough && mean_b_ * n_ >= kEnoughAttempts && Explained() >= kExplains; }
  // Sessions a second, floor included; attempts a second.
  double SessionsPerSecond() const { return mean_a_ / Seconds(kBlock); }
  double AttemptsPerSecond() const { return mean_b_ / Seconds(kBlock); }
  // Sessions a second that bring no attempt; an upper bound (two standard errors).
  double FloorPerSecond() const {
    return std::clamp(mean_a_ - (Slope() - 2 * SlopeError()) * mean_b_, 0.0, mean_a_) / Seconds(kBlock);
  }
  // Attempts that `sessions` accepted within `seconds` usually bring; negative for fewer than the floor.
  double Expected(double sessions, double seconds) const {
    const double usual = SessionsPerSecond() - FloorPerSecond();
    return usual > 0 ? (sessions - FloorPerSecond() * seconds) * AttemptsPerSecond() / usual : 0;
  }
  // Sessions for one attempt.
  double PerAttempt() const {
    return mean_b_ > 0 ? (SessionsPerSecond() - FloorPerSecond()) / AttemptsPerSecond() : 0;
  }
  // The variance of attempts, their sessions given, relative to Poisson's; at least 1.
  double Dispersion() const { return mean_b_ > 0 ? std::max(1.0, var_b_ * (1 - Explained()) / mean_b_) : 1; }

 private:
  // Share of the variance of the attempts that the sessions explain, 0..1; 0 where more sessions go with
  // fewer attempts.
  double Explained() const {
    return var_a_ > 0 && var_b_ > 0 && cov_ > 0 ? std::min(1.0, cov_ * cov_ / (var_a_ * var_b_)) : 0;
  }
  double Slope() const { return var_b_ > 0 ? cov_ / var_b_ : 0; }
  double SlopeError() const {
    return var_b_ > 0 ? std::sqrt(std::max(0.0, var_a_ * (1 - Explained()) / (var_b_ * n_))) : 0;
  }
  void Learn(double a, double b) {
    n_ = std::min(n_ + 1, kMemory);
    const double w = 1 / n_, da = a - mean_a_, db = b - mean_b_;
    mean_a_ += w * da;
    mean_b_ += w * db;
    var_a_ = (1 - w) * (var_a_ + w * da * da);
    var_b_ = (1 - w) * (var_b_ + w * db * db);
    cov_ = (1 - w) * (cov_ + w * da * db);
  }

  static constexpr Duration kBlock = std::chrono::seconds(10);
  static constexpr double kMemory = 360;  // blocks: an hour
  static constexpr double kEnough = 30;   // blocks
  static constexpr double kEnoughAttempts = 30;
  static constexpr double kExplains = 0.5;
  static constexpr double kMostBlocks = 3;  // a longer one was no block
  double n_ = 0, mean_a_ = 0, mean_b_ = 0, var_a_ = 0, var_b_ = 0, cov_ = 0;
  double accepted_ = 0, began_ = 0;  // in the present block
  Time block_{};
  bool begun_ = false;
};

}  // namespace candor
