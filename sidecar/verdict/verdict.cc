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

const ChannelView* FiredBesideHealthy(const Verdict& v) {
  if (v.state != State::kHealthy) return nullptr;
  for (const ChannelView& c : v.channels) {
    if (c.z >= c.h) return &c;
  }
  return nullptr;
}

}  // namespace candor
