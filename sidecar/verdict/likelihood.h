// SPDX-License-Identifier: Apache-2.0
//
// Log-likelihood ratios of one attempt for each severity, "failing that share" against "as usual", looked
// up by what the attempt did. Immutable once built.
#pragma once

#include <array>
#include <functional>

#include "evidence/age_bins.h"
#include "evidence/stance.h"
#include "verdict/severities.h"

namespace candor {

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

  // `usual` is p in (0, 1). `known_good_by(age)`: the chance that a healthy attempt would have shown itself
  // healthy by then (F, the setup times).
  static Likelihood OfSuccessesComing(double usual, Four ladder,
                                      const std::function<double(Duration)>& known_good_by);
  // The other way round: failures show themselves in time (`known_bad_by`), survival exonerates slowly.
  static Likelihood OfFailuresComing(double usual, Four ladder,
                                     const std::function<double(Duration)>& known_bad_by);
};

}  // namespace candor
