// SPDX-License-Identifier: Apache-2.0
#include "verdict/likelihood.h"

#include <cmath>

#include "verdict/log_of.h"

namespace candor {
namespace {

double FailingShare(double baseline_rate, double severity) {
  return 1 - (1 - baseline_rate) * (1 - severity);
}

}  // namespace

ByAge Stretched(const SetupTime& times, double stretch) {
  ByAge share{};
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    share[bin] = times.Cdf(FromSeconds(Seconds(AgeBinStart(bin)) / stretch));
  }
  return share;
}

Likelihood Likelihood::OfConcluded(double baseline_rate, Float4 severities) {
  Likelihood out;
  for (size_t j = 0; j < kSeverities; ++j) {
    const auto q = static_cast<double>(severities[j]);
    out.success[j] = static_cast<float>(std::log(1 - q));
    out.failure[j] = static_cast<float>(std::log(FailingShare(baseline_rate, q) / baseline_rate));
  }
  return out;
}

// `shown`: from the failing share, the share of attempts whose outcome shows with time.
Likelihood Likelihood::Of(double baseline_rate, Float4 severities, const ByAge& by, Chance shown) {
  Likelihood out = OfConcluded(baseline_rate, severities);
  const double shown_baseline = shown(baseline_rate);
  std::array<double, kSeverities> shown_failing{};
  for (size_t j = 0; j < kSeverities; ++j) {
    shown_failing[j] = shown(FailingShare(baseline_rate, static_cast<double>(severities[j])));
  }
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    Float4 failing{};
    for (size_t j = 0; j < kSeverities; ++j) failing[j] = static_cast<float>(1 - shown_failing[j] * by[bin]);
    out.pending[bin] = LogOf(failing / Splat(static_cast<float>(1 - shown_baseline * by[bin])));
  }
  return out;
}

Likelihood Likelihood::OfSuccessesComing(double baseline_rate, Float4 severities, const ByAge& known_good) {
  return Of(baseline_rate, severities, known_good, [](double failing) { return 1 - failing; });
}

Likelihood Likelihood::OfFailuresComing(double baseline_rate, Float4 severities, const ByAge& known_bad) {
  return Of(baseline_rate, severities, known_bad, [](double failing) { return failing; });
}

}  // namespace candor
