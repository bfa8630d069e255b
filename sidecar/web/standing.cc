// SPDX-License-Identifier: Apache-2.0
#include "web/standing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace candor::web {
namespace {

// NaN counts as the worst. Without a score the severity is only what was assumed beforehand.
int HarmedWeight(const Verdict& shown) {
  const double severity = shown.z > 0 ? shown.severity : 0;
  const double well = severity >= 0 && severity <= 1 ? 1 - severity : 0;
  return std::clamp(static_cast<int>(std::lround(kFullWeight * well)), kProbationWeight, kHarmedWeight);
}

std::optional<int> WeightOf(const Verdict& shown) {
  switch (shown.state) {
    case State::kHealthy:
      return kFullWeight;
    case State::kDegraded:
      return HarmedWeight(shown);
    case State::kProbation:
      return kProbationWeight;
    case State::kUnknown:
    case State::kFailing:
    case State::kDraining:
    case State::kBlind:
      break;
  }
  return std::nullopt;
}

std::string WhyNot(const Verdict& shown, const SelfReport& self) {
  if (shown.state == State::kFailing)
    return fmt::format("{} {}/{}", shown.reason, shown.failed, shown.counted);
  if (shown.state == State::kDraining) return shown.reason;
  if (!self.serving()) return fmt::format("self-report {}", Name(self.answer));
  return "blind " + shown.reason;  // by policy
}

}  // namespace

Standing StandingOf(const Snapshot& snapshot) {
  const Verdict shown = snapshot.shown();
  Standing s;
  s.state = shown.state;
  s.serving = snapshot.serving;
  s.failing = shown.state == State::kFailing;
  if (!s.serving) {
    s.why = WhyNot(shown, snapshot.self);
    return s;
  }
  s.weight = WeightOf(shown);
  s.degraded = s.weight && *s.weight < kFullWeight;
  return s;
}

std::string AgentLine(const Standing& standing) {
  if (standing.state == State::kDraining) return "drain";
  if (!standing.serving) return "down #" + standing.why;
  const int percent = std::max(1, standing.weight.value_or(kFullWeight) / 10);
  return fmt::format("up ready {}%", percent);
}

}  // namespace candor::web
