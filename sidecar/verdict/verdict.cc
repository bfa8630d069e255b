// SPDX-License-Identifier: Apache-2.0
#include "verdict/verdict.h"

namespace candor {

std::string_view Name(State s) {
  constexpr std::array<std::string_view, 7> kNames = {"UNKNOWN",   "HEALTHY",  "DEGRADED", "FAILING",
                                                      "PROBATION", "DRAINING", "BLIND"};
  const auto i = static_cast<size_t>(s);
  return i < kNames.size() ? kNames[i] : kNames[0];
}

const DetectorStatus* FiredBesideHealthy(const Verdict& v) {
  if (v.state != State::kHealthy) return nullptr;
  for (const DetectorStatus& c : v.detectors) {
    if (c.score >= c.threshold) return &c;
  }
  return nullptr;
}

}  // namespace candor
