// SPDX-License-Identifier: Apache-2.0
//
// The distribution F of set-up times of this node, learned in logarithmic bins with exponential decay. Starts
// from a log-normal prior (by its median and 99th percentile) worth a few attempts. Pure; one thread.
#pragma once

#include <array>

#include "base/time.h"
#include "evidence/age_bins.h"

namespace candor {

using AgeHistogram = std::array<uint32_t, kAgeBins>;

class SetupTime {
 public:
  struct Prior {
    Duration median = std::chrono::milliseconds(300);
    Duration p99 = std::chrono::seconds(3);
    double weight = 30;  // attempts
  };
  explicit SetupTime(const Prior& prior);

  // Multiplies the past by `keep`, in (0, 1], and adds a block of set-up times.
  void Absorb(const AgeHistogram& block, double keep);

  // F(age): the share of successes within `age`, in [0, 1].
  double Cdf(Duration age) const;
  // The quantile `p`, in [0, 1], to the resolution of the bins.
  Duration Quantile(double p) const;

  const std::array<double, kAgeBins>& weights() const { return learned_; }
  void set_weights(const std::array<double, kAgeBins>& w);

 private:
  void Accumulate();

  std::array<double, kAgeBins> prior_{};
  std::array<double, kAgeBins> learned_{};
  std::array<double, kAgeBins + 1> below_{};  // share below the start of each bin
};

}  // namespace candor
