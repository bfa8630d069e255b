// SPDX-License-Identifier: Apache-2.0
//
// Log-likelihood ratios of one attempt for each severity, "failing that share" against "as usual", looked
// up by what the attempt did. Immutable once built.
#pragma once

#include <array>

#include "evidence/age_bins.h"
#include "evidence/setup_time.h"
#include "evidence/stance.h"
#include "verdict/severities.h"

namespace candor {

// A chance for each bin of age.
using ByAge = std::array<double, kAgeBins>;

// The share of `times` that an age reaches, stretched by a factor, at least 1, to stay on the slow side.
ByAge Stretched(const SetupTime& times, double stretch);

struct Likelihood {
  Four for_node{};
  Four against_node{};
  std::array<Four, kAgeBins> pending{};

  // Of an attempt with this stance; `age` matters while it is pending.
  Four Ratio(Stance stance, Duration age) const {
    switch (stance.kind) {
      case Stance::Kind::kForNode:
        return for_node;
      case Stance::Kind::kAgainstNode:
        return against_node * stance.weight;
      case Stance::Kind::kPending:
        return pending[AgeBin(age)] * stance.weight;
      case Stance::Kind::kSilent:
        break;
    }
    return Four{};
  }

  // `usual` is p in (0, 1). `known_good`: the chance that a healthy attempt would have shown itself healthy
  // by the age of each bin (F, the setup times).
  static Likelihood OfSuccessesComing(double usual, Four ladder, const ByAge& known_good);
  // The other way round: failures show themselves in time (`known_bad`), survival exonerates slowly.
  static Likelihood OfFailuresComing(double usual, Four ladder, const ByAge& known_bad);
  // Of a channel in which nothing pending speaks.
  static Likelihood OfSettled(double usual, Four ladder);

 private:
  using Chance = double (*)(double failing);
  static Likelihood Of(double usual, Four ladder, const ByAge& by, Chance shown);
};

}  // namespace candor
