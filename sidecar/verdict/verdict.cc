// SPDX-License-Identifier: Apache-2.0
#include "verdict/verdict.h"

namespace candor {

std::string_view Name(State s) {
  switch (s) {
    case State::kUnknown:
      return "UNKNOWN";
    case State::kHealthy:
      return "HEALTHY";
    case State::kDegraded:
      return "DEGRADED";
    case State::kFailing:
      return "FAILING";
    case State::kProbation:
      return "PROBATION";
    case State::kDraining:
      return "DRAINING";
    case State::kBlind:
      return "BLIND";
  }
  return "UNKNOWN";
}

const DetectorStatus* FiredBesideHealthy(const Verdict& v) {
  if (v.state != State::kHealthy) return nullptr;
  for (const DetectorStatus& c : v.detectors) {
    if (c.score >= c.threshold) return &c;
  }
  return nullptr;
}

}  // namespace candor
