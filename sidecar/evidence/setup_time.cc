// SPDX-License-Identifier: Apache-2.0
#include "evidence/setup_time.h"

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

double NormalCdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

}  // namespace

SetupTime::SetupTime(const Prior& prior) {
  constexpr double kZ99 = 2.3263;
  const double mu = std::log(Seconds(prior.median));
  const double sigma = std::max(0.05, (std::log(Seconds(prior.p99)) - mu) / kZ99);
  double below = 0;
  for (size_t i = 0; i < kAgeBins; ++i) {
    const bool last = i + 1 == kAgeBins;
    const double upto = last ? 1.0 : NormalCdf((std::log(Seconds(AgeBinStart(i + 1))) - mu) / sigma);
    prior_[i] = prior.weight * (upto - below);
    below = upto;
  }
  Accumulate();
}

void SetupTime::Absorb(const AgeHistogram& block, double keep) {
  for (size_t i = 0; i < kAgeBins; ++i) learned_[i] = learned_[i] * keep + static_cast<double>(block[i]);
  Accumulate();
}

void SetupTime::set_weights(const std::array<double, kAgeBins>& w) {
  learned_ = w;
  Accumulate();
}

void SetupTime::Accumulate() {
  double total = 0;
  for (size_t i = 0; i < kAgeBins; ++i) total += prior_[i] + learned_[i];
  double sum = 0;
  for (size_t i = 0; i < kAgeBins; ++i) {
    below_[i] = sum / total;
    sum += prior_[i] + learned_[i];
  }
  below_[kAgeBins] = 1.0;
}

double SetupTime::Cdf(Duration age) const {
  if (age.count() <= 0) return 0;
  const size_t bin = AgeBin(age);
  if (bin + 1 == kAgeBins) return 1.0;
  const double start = Seconds(AgeBinStart(bin)), end = Seconds(AgeBinStart(bin + 1));
  const double within = (Seconds(age) - start) / (end - start);
  return below_[bin] + within * (below_[bin + 1] - below_[bin]);
}

Duration SetupTime::Quantile(double p) const {
  const auto at = std::upper_bound(below_.begin(), below_.end(), p);
  const auto bin = static_cast<size_t>(std::max<std::ptrdiff_t>(0, at - below_.begin() - 1));
  if (bin + 1 >= kAgeBins) return AgeBinStart(kAgeBins - 1);
  const double share = below_[bin + 1] - below_[bin];
  const double within = share > 0 ? (p - below_[bin]) / share : 0;
  const Duration start = AgeBinStart(bin), end = AgeBinStart(bin + 1);
  return start + FromSeconds(within * Seconds(end - start));
}

}  // namespace candor
