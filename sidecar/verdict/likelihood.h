// SPDX-License-Identifier: Apache-2.0
//
// Log-likelihood ratios of one attempt, "the node fails that share" against the baseline, for each severity:
// a table by what the attempt contributes. Immutable once built, thread-safe.
#pragma once

#include <array>

#include "evidence/age_bins.h"
#include "evidence/contribution.h"
#include "evidence/setup_time.h"
#include "verdict/severities.h"

namespace candor {

// A probability for each bin of age.
using ByAge = std::array<double, kAgeBins>;

// The distribution of `times`, slower by the factor `stretch`, at least 1.
ByAge Stretched(const SetupTime& times, double stretch);

struct Likelihood {
  Float4 success{};
  Float4 failure{};
  std::array<Float4, kAgeBins> pending{};

  // Of an attempt with this contribution; `age` matters while it is pending.
  Float4 Ratio(Contribution contribution, Duration age) const {
    switch (contribution.kind) {
      case Contribution::Kind::kSuccess:
        return success;
      case Contribution::Kind::kFailure:
        return failure * contribution.weight;
      case Contribution::Kind::kPending:
        return pending[AgeBin(age)] * contribution.weight;
      case Contribution::Kind::kNeutral:
        break;
    }
    return Float4{};
  }

  // `baseline_rate`: p in (0, 1). `known_good`: the probability that a healthy attempt has succeeded by the
  // age of each bin (F, the setup times).
  static Likelihood OfSuccessesComing(double baseline_rate, Float4 severities, const ByAge& known_good);
  // Of a detector whose failures come with time: `known_bad` by the age of each bin; survival is evidence of
  // health.
  static Likelihood OfFailuresComing(double baseline_rate, Float4 severities, const ByAge& known_bad);
  // Of a detector in which pending attempts are no evidence.
  static Likelihood OfConcluded(double baseline_rate, Float4 severities);

 private:
  using Chance = double (*)(double failing);
  static Likelihood Of(double baseline_rate, Float4 severities, const ByAge& by, Chance shown);
};

}  // namespace candor
