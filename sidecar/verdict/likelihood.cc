// SPDX-License-Identifier: Apache-2.0
#include "verdict/likelihood.h"

#include <cmath>

namespace candor {
namespace {

double FailingShare(double usual, double severity) { return 1 - (1 - usual) * (1 - severity); }

void FillSettled(double usual, Four ladder, Likelihood* out) {
  for (size_t j = 0; j < kSeverities; ++j) {
    const auto q = static_cast<double>(ladder[j]);
    out->for_node[j] = static_cast<float>(std::log(1 - q));
    out->against_node[j] = static_cast<float>(std::log(FailingShare(usual, q) / usual));
  }
}

}  // namespace

Likelihood Likelihood::OfSuccessesComing(double usual, Four ladder,
                                         const std::function<double(Duration)>& known_good_by) {
  Likelihood out;
  FillSettled(usual, ladder, &out);
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    const double f = known_good_by(AgeBinStart(bin));
    const double as_usual = 1 - (1 - usual) * f;
    for (size_t j = 0; j < kSeverities; ++j) {
      const double failing = 1 - (1 - FailingShare(usual, static_cast<double>(ladder[j]))) * f;
      out.pending[bin][j] = static_cast<float>(std::log(failing / as_usual));
    }
  }
  return out;
}

Likelihood Likelihood::OfFailuresComing(double usual, Four ladder,
                                        const std::function<double(Duration)>& known_bad_by) {
  Likelihood out;
  FillSettled(usual, ladder, &out);
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    const double g = known_bad_by(AgeBinStart(bin));
    const double as_usual = 1 - usual * g;
    for (size_t j = 0; j < kSeverities; ++j) {
      const double failing = 1 - FailingShare(usual, static_cast<double>(ladder[j])) * g;
      out.pending[bin][j] = static_cast<float>(std::log(failing / as_usual));
    }
  }
  return out;
}

}  // namespace candor
