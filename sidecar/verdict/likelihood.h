// SPDX-License-Identifier: Apache-2.0
//
// Log-likelihood ratios of one attempt for each severity, "failing that share" against "as usual", looked
// up by what the attempt did. Immutable once built.
#pragma once

#include <array>

#include "evidence/age_bins.h"
#include "evidence/contribution.h"
#include "evidence/setup_time.h"
#include "verdict/severities.h"

namespace candor {

// A chance for each bin of age.
using ByAge = std::array<double, kAgeBins>;

// The share of `times` that an age reaches, stretched by a factor, at least 1, to stay on the slow side.
ByAge Stretched(const SetupTime& times, double stretch);

struct Likelihood {
  Float4 for_node{};
  Float4 against_node{};
  std::array<Float4, kAgeBins> pending{};

  // Of an attempt with this contribution; `age` matters while it is pending.
  Float4 Ratio(Contribution contribution, Duration age) const {
    switch (contribution.kind) {
      case Contribution::Kind::kSuccess:
        return for_node;
      case Contribution::Kind::kFailure:
        return against_node * contribution.weight;
      case Contribution::Kind::kPending:
        return pending[AgeBin(age)] * contribution.weight;
      case Contribution::Kind::kNeutral:
        break;
    }
    return Float4{};
  }

  // `usual` is p in (0, 1). `known_good`: the chance that a healthy attempt would have shown itself healthy
  // by the age of each bin (F, the setup times).
  static Likelihood OfSuccessesComing(double usual, Float4 ladder, const ByAge& known_good);
  // The other way round: failures show themselves in time (`known_bad`), survival exonerates slowly.
  static Likelihood OfFailuresComing(double usual, Float4 ladder, const ByAge& known_bad);
  // Of a detector in which nothing pending speaks.
  static Likelihood OfSettled(double usual, Float4 ladder);

 private:
  using Chance = double (*)(double failing);
  static Likelihood Of(double usual, Float4 ladder, const ByAge& by, Chance shown);
};

}  // namespace candor
