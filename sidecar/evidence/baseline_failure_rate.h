// SPDX-License-Identifier: Apache-2.0
//
// The share of attempts that fails on a healthy node, as an upper bound: an exponentially decayed mean plus
// one nominal standard error, widened by 15 % per hour without an update, and at most 2.2 times a seven-day
// average, so that a slow increase does not become the baseline. Baseline decides what is learned, and when.
// Pure; one thread.
#pragma once

#include "base/time.h"

namespace candor {

struct BaselineFailureRateOptions {
  double lowest = 0.01, highest = 0.15;  // limits of the bound
  double prior = 0.05;                   // mean before the first attempt
  double prior_weight = 20;              // in attempts
  double week_prior_weight = 500;        // the same for the seven-day average
};

class BaselineFailureRate {
 public:
  struct Sums {
    double n = 0, failed = 0;            // recent
    double week_n = 0, week_failed = 0;  // seven days
  };
  explicit BaselineFailureRate(const BaselineFailureRateOptions& options) : options_(options) {}

  // Multiplies the recent sums by `keep` and the week's by `keep_week`, both in (0, 1], and adds `n`
  // concluded attempts, `failed` of them failures.
  void Absorb(double n, double failed, double keep, double keep_week);

  // The bound when the last update is `age` old.
  double Bound(Duration age) const;
  double Mean() const;

  const Sums& sums() const { return sums_; }
  void set_sums(const Sums& s) { sums_ = s; }

 private:
  BaselineFailureRateOptions options_;
  Sums sums_;
};

}  // namespace candor
