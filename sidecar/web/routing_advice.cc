// SPDX-License-Identifier: Apache-2.0
#include "web/routing_advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace candor::web {
namespace {

// NaN counts as severity 1. Without a score the severity is only the prior.
int DegradedWeight(const Verdict& shown) {
  const double severity = shown.score > 0 ? shown.severity : 0;
  const double share = severity >= 0 && severity <= 1 ? 1 - severity : 0;
  return std::clamp(static_cast<int>(std::lround(kFullWeight * share)), kProbationWeight, kMaxDegradedWeight);
}

std::optional<int> WeightOf(const Verdict& shown) {
  switch (shown.state) {
    case State::kHealthy:
      return kFullWeight;
    case State::kDegraded:
      return DegradedWeight(shown);
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

std::string DownReason(const Verdict& shown, const SelfReport& self) {
  if (shown.state == State::kFailing)
    return fmt::format("{} {}/{}", shown.reason, shown.failed, shown.counted);
  if (shown.state == State::kDraining) return shown.reason;
  if (!self.serving()) return fmt::format("self-report {}", Name(self.answer));
  return "blind " + shown.reason;  // by blind_policy
}

}  // namespace

RoutingAdvice RoutingAdviceOf(const Snapshot& snapshot) {
  const Verdict shown = snapshot.shown();
  RoutingAdvice advice;
  advice.state = shown.state;
  advice.serving = snapshot.serving;
  advice.failing = shown.state == State::kFailing;
  if (!advice.serving) {
    advice.down_reason = DownReason(shown, snapshot.self);
    return advice;
  }
  advice.weight = WeightOf(shown);
  advice.degraded = advice.weight && *advice.weight < kFullWeight;
  return advice;
}

std::string AgentLine(const RoutingAdvice& advice) {
  if (advice.state == State::kDraining) return "drain";
  if (!advice.serving) return "down #" + advice.down_reason;
  const int percent = std::max(1, advice.weight.value_or(kFullWeight) / 10);
  return fmt::format("up ready {}%", percent);
}

}  // namespace candor::web
