// SPDX-License-Identifier: Apache-2.0
#include "verdict/likelihood.h"

#include <cmath>

namespace candor {
namespace {

double FailingShare(double usual, double severity) { return 1 - (1 - usual) * (1 - severity); }

}  // namespace

Likelihood Likelihood::OfSettled(double usual, Four ladder) {
  Likelihood out;
  for (size_t j = 0; j < kSeverities; ++j) {
    const auto q = static_cast<double>(ladder[j]);
    out.for_node[j] = static_cast<float>(std::log(1 - q));
    out.against_node[j] = static_cast<float>(std::log(FailingShare(usual, q) / usual));
  }
  return out;
}

Likelihood Likelihood::OfSuccessesComing(double usual, Four ladder, const ByAge& known_good) {
  Likelihood out = OfSettled(usual, ladder);
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    const double f = known_good[bin];
    const double as_usual = 1 - (1 - usual) * f;
    for (size_t j = 0; j < kSeverities; ++j) {
      const double failing = 1 - (1 - FailingShare(usual, static_cast<double>(ladder[j]))) * f;
      out.pending[bin][j] = std::log(static_cast<float>(failing / as_usual));
    }
  }
  return out;
}

Likelihood Likelihood::OfFailuresComing(double usual, Four ladder, const ByAge& known_bad) {
  Likelihood out = OfSettled(usual, ladder);
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    const double g = known_bad[bin];
    const double as_usual = 1 - usual * g;
    for (size_t j = 0; j < kSeverities; ++j) {
      const double failing = 1 - FailingShare(usual, static_cast<double>(ladder[j])) * g;
      out.pending[bin][j] = std::log(static_cast<float>(failing / as_usual));
    }
  }
  return out;
}

}  // namespace candor
