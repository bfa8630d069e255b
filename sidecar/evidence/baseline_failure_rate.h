// SPDX-License-Identifier: Apache-2.0
//
// The share of attempts that usually fails on this node, as an upper bound: an exponentially forgotten mean
// with three standard errors on top, widened by 15 % per hour that it has not been renewed, and never above
// 2.2 times a seven-day average (a slow burn must not teach the judge that failing is usual). What may be
// learned, and when, is the Baseline's business. Pure; one thread.
#pragma once

#include "base/time.h"

namespace candor {

struct BaselineFailureRateOptions {
  double lowest = 0.01, highest = 0.15;  // the bound stays within
  double prior = 0.05;                   // mean before anything was learned
  double prior_weight = 20;              // attempts that prior is worth
  double week_prior_weight = 500;        // the same for the seven-day average
};

class BaselineFailureRate {
 public:
  struct Sums {
    double n = 0, failed = 0;            // recent
    double week_n = 0, week_failed = 0;  // seven days
  };
  explicit BaselineFailureRate(const BaselineFailureRateOptions& options) : options_(options) {}

  // Adds `n` concluded attempts, `failed` of them failures, after keeping `keep` of the recent past and
  // `keep_week` of the week's; both in (0, 1].
  void Absorb(double n, double failed, double keep, double keep_week);

  // The bound when the youngest attempt learned is `age` old.
  double Bound(Duration age) const;
  double Mean() const;

  const Sums& sums() const { return sums_; }
  void set_sums(const Sums& s) { sums_ = s; }

 private:
  BaselineFailureRateOptions options_;
  Sums sums_;
};

}  // namespace candor
