// SPDX-License-Identifier: Apache-2.0
//
// How long a success takes on this node: the distribution F of setup times, learned in logarithmic bins
// with exponential forgetting. Begins with a prior (median and 99th percentile of a log-normal) worth a few
// attempts, so that a fresh start has something to compare with. Pure; one thread.
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

  // Adds a block of setup times after forgetting: `keep` in (0, 1] is what remains of the past.
  void Absorb(const AgeHistogram& block, double keep);

  // F(age): the share of successes that were faster, in [0, 1].
  double Cdf(Duration age) const;
  // The setup time that a share `p` of successes does not exceed, to the resolution of the bins.
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
