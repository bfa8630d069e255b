// SPDX-License-Identifier: Apache-2.0
//
// How soon the best possible rule detects a scenario, on the attempts that the judge gets: with everything
// known, but counting only what the guards let count: attempts that the node acknowledged, and no retries. A
// goal that it misses cannot be reached.
#pragma once

#include "scenarios.h"

namespace candor::bench {

class Reach {
 public:
  // `s.severity` is known.
  explicit Reach(const Scenario& s);

  // Seconds from the onset to the alarm; 1e9: not within ten times what the goal allows.
  double Delay(uint64_t seed) const;

 private:
  const Scenario& scenario_;
  double severity_, threshold_;
};

}  // namespace candor::bench
