// SPDX-License-Identifier: Apache-2.0
#include "verdict/likelihood.h"

#include <cmath>

#include "verdict/log_of.h"

namespace candor {
namespace {

double FailingShare(double usual, double severity) { return 1 - (1 - usual) * (1 - severity); }

}  // namespace

ByAge Stretched(const SetupTime& times, double stretch) {
  ByAge share{};
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    share[bin] = times.Cdf(FromSeconds(Seconds(AgeBinStart(bin)) / stretch));
  }
  return share;
}

Likelihood Likelihood::OfSettled(double usual, Float4 ladder) {
  Likelihood out;
  for (size_t j = 0; j < kSeverities; ++j) {
    const auto q = static_cast<double>(ladder[j]);
    out.for_node[j] = static_cast<float>(std::log(1 - q));
    out.against_node[j] = static_cast<float>(std::log(FailingShare(usual, q) / usual));
  }
  return out;
}

// `shown`: of the attempts of a node that fails such a share, those that show in time what they are.
Likelihood Likelihood::Of(double usual, Float4 ladder, const ByAge& by, Chance shown) {
  Likelihood out = OfSettled(usual, ladder);
  const double shown_usual = shown(usual);
  std::array<double, kSeverities> shown_failing{};
  for (size_t j = 0; j < kSeverities; ++j) {
    shown_failing[j] = shown(FailingShare(usual, static_cast<double>(ladder[j])));
  }
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    Float4 failing{};
    for (size_t j = 0; j < kSeverities; ++j) failing[j] = static_cast<float>(1 - shown_failing[j] * by[bin]);
    out.pending[bin] = LogOf(failing / Splat(static_cast<float>(1 - shown_usual * by[bin])));
  }
  return out;
}

Likelihood Likelihood::OfSuccessesComing(double usual, Float4 ladder, const ByAge& known_good) {
  return Of(usual, ladder, known_good, [](double failing) { return 1 - failing; });
}

Likelihood Likelihood::OfFailuresComing(double usual, Float4 ladder, const ByAge& known_bad) {
  return Of(usual, ladder, known_bad, [](double failing) { return failing; });
}

}  // namespace candor
