// SPDX-License-Identifier: Apache-2.0
//
// Sessions that one listening port accepts beside the attempts that begin: how many sessions an attempt
// usually takes, learned by regression over blocks of ten seconds. Health checks and polls, whose number does
// not follow that of the attempts, are the floor of the regression. A port whose sessions do not explain half
// of the variation of the attempts (one WebSocket for many calls, pooled HTTP of a balancer) tells nothing:
// known() is false. Of fewer than thirty blocks it must be sure that they do (two standard errors of Fisher's
// z): for sessions that have nothing to do with the attempts that is chance once in half a million blocks.
// Constant rates (load generators) vary too little for a regression. There the sessions must be one or two
// for each attempt to a few percent: a coincidence where they have nothing to do with each other. Pure; one
// thread. Tested in tests/evidence/session_ratio_test.cc.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/time.h"

namespace candor {

class SessionRatio {
 public:
  // Sums over blocks: what outlives the process. a: sessions, b: attempts, in a block.
  struct Sums {
    double n = 0, mean_a = 0, mean_b = 0, var_a = 0, var_b = 0, cov = 0;
    bool Sensible() const {
      constexpr double kRounding = 1 + 1e-9;
      return n >= 1 && mean_a >= 0 && mean_b >= 0 && var_a >= 0 && var_b >= 0 &&
             cov * cov <= var_a * var_b * kRounding && mean_a < kMostInBlock && mean_b < kMostInBlock;
    }
  };

  void Accepted(uint64_t n) { accepted_ += static_cast<double>(n); }
  void Began(uint64_t n) { began_ += static_cast<double>(n); }

  // `learn`: the block that ends now is a usual one.
  void Advance(Time now, bool learn) {
    // What came before the first block would make it an outlier, of both.
    if (!begun_) begun_ = true, block_ = now, accepted_ = began_ = 0;
    if (now - block_ < kBlock) return;
    const double blocks = Seconds(now - block_) / Seconds(kBlock);
    if (learn && blocks < kMostBlocks) Learn(accepted_ / blocks, began_ / blocks);
    block_ = now;
    accepted_ = began_ = 0;
  }

  bool known() const { return mean_b_ * n_ >= kEnoughAttempts && (Follows() || Steady()); }
  Sums Save() const { return {n_, mean_a_, mean_b_, var_a_, var_b_, std::max(0.0, cov_)}; }
  // Weighs ten minutes at most, so that what has changed meanwhile is learned soon. False, and nothing
  // changes: it makes no sense.
  bool Restore(const Sums& s) {
    if (!s.Sensible()) return false;
    n_ = std::min(s.n, kRestored);
    lately_ = 1, lately_a_ = s.mean_a, lately_b_ = s.mean_b;
    mean_a_ = s.mean_a, mean_b_ = s.mean_b, var_a_ = s.var_a, var_b_ = s.var_b, cov_ = s.cov;
    return true;
  }
  // Sessions a second, floor included; attempts a second.
  double SessionsPerSecond() const { return mean_a_ / Seconds(kBlock); }
  double AttemptsPerSecond() const { return mean_b_ / Seconds(kBlock); }
  // Sessions a second that bring no attempt; an upper bound (two standard errors).
  double FloorPerSecond() const {
    const double each =
        Follows() ? Slope() - 2 * SlopeError() : std::round(mean_a_ / std::max(mean_b_, 1e-9));
    return std::clamp(mean_a_ - each * mean_b_, 0.0, mean_a_) / Seconds(kBlock);
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
  // The variance of attempts, their sessions given, relative to Poisson's; at least 1. An upper bound (two
  // standard errors).
  double Dispersion() const {
    if (mean_b_ <= 0) return 1;
    return std::max(1.0, var_b_ * (1 - Explained()) / mean_b_ * (1 + 2 * std::sqrt(2 / std::max(n_, 2.0))));
  }

 private:
  // The attempts vary with the sessions.
  bool Follows() const {
    if (n_ < kFew) return false;
    if (n_ >= kEnough) return Explained() >= kExplains;
    const double z = std::atanh(std::min(std::sqrt(Explained()), 1 - 1e-9)) - 2 / std::sqrt(n_ - 3);
    return z > 0 && std::tanh(z) * std::tanh(z) >= kExplains;
  }
  // Neither varies, and there are one or two sessions for each attempt.
  bool Steady() const {
    if (n_ < kEnoughSteady || mean_b_ < kLeastSteady) return false;
    if (var_a_ > kSteady * mean_a_ || var_b_ > kSteady * mean_b_) return false;
    const double per_attempt = mean_a_ / mean_b_, whole = std::round(per_attempt);
    return whole >= 1 && whole <= 2 && per_attempt >= 0.97 * whole && per_attempt <= 1.05 * whole;
  }
  // Share of the variance of the attempts that the sessions explain, 0..1; 0 where more sessions go with
  // fewer attempts.
  double Explained() const {
    return var_a_ > 0 && var_b_ > 0 && cov_ > 0 ? std::min(1.0, cov_ * cov_ / (var_a_ * var_b_)) : 0;
  }
  double Slope() const { return var_b_ > 0 ? cov_ / var_b_ : 0; }
  double SlopeError() const {
    return var_b_ > 0 ? std::sqrt(std::max(0.0, var_a_ * (1 - Explained()) / (var_b_ * n_))) : 0;
  }
  // Variances are about the mean of the last minutes: long polls of those who stay rise and fall with the
  // hours as attempts do, and bring none.
  void Learn(double a, double b) {
    n_ = std::min(n_ + 1, kMemory);
    lately_ = std::min(lately_ + 1, kFew);
    const double w = 1 / n_, da = a - lately_a_, db = b - lately_b_, keep = 1 - 1 / lately_;
    lately_a_ += da / lately_;
    lately_b_ += db / lately_;
    mean_a_ += w * (a - mean_a_);
    mean_b_ += w * (b - mean_b_);
    var_a_ = (1 - w) * var_a_ + w * keep * da * da;
    var_b_ = (1 - w) * var_b_ + w * keep * db * db;
    cov_ = (1 - w) * cov_ + w * keep * da * db;
  }

  static constexpr Duration kBlock = std::chrono::seconds(10);
  static constexpr double kMemory = 360;                            // blocks: an hour
  static constexpr double kFew = 12, kEnough = 30, kRestored = 60;  // blocks
  static constexpr double kMostInBlock = 1e9;
  // In blocks; attempts in a block; a quarter of the variance of Poisson arrivals: of twenty blocks of
  // these one in 1,000 has so little.
  static constexpr double kEnoughSteady = 20, kLeastSteady = 5, kSteady = 0.25;
  static constexpr double kEnoughAttempts = 30;
  static constexpr double kExplains = 0.5;
  static constexpr double kMostBlocks = 3;           // a longer one was no block
  double lately_ = 0, lately_a_ = 0, lately_b_ = 0;  // blocks, up to kFew, and their means
  double n_ = 0, mean_a_ = 0, mean_b_ = 0, var_a_ = 0, var_b_ = 0, cov_ = 0;
  double accepted_ = 0, began_ = 0;  // in the present block
  Time block_{};
  bool begun_ = false;
};

}  // namespace candor
