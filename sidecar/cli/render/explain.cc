// SPDX-License-Identifier: Apache-2.0
#include "cli/render/explain.h"

#include <fmt/format.h>

#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr std::chrono::seconds kStale{5};  // candord judges four times a second

enum class Advice { kServe, kRefuse, kNothing };

Advice AdviceOf(pb::State state) {
  switch (state) {
    case pb::HEALTHY:
    case pb::DEGRADED:
    case pb::PROBATION:
      return Advice::kServe;
    case pb::FAILING:
    case pb::DRAINING:
      return Advice::kRefuse;
    default:
      return Advice::kNothing;
  }
}

bool SelfServes(const pb::SelfReport& self) {
  return self.answer() == pb::SelfReport::OK || self.answer() == pb::SelfReport::NOT_CONFIGURED ||
         self.answer() == pb::SelfReport::ANSWER_UNSPECIFIED;
}

std::string SelfReportText(const pb::SelfReport& self) {
  if (self.answer() == pb::SelfReport::NOT_CHECKED_YET) return "self-report not checked yet";
  if (self.answer() <= pb::SelfReport::NOT_CONFIGURED) return "no self-report configured";
  const std::string detail = self.detail().empty() ? "" : " (" + Printable(self.detail()) + ")";
  return "self-report " + SelfReportName(self.answer()) + detail;
}

}  // namespace

SelfReportComparison CompareWithSelfReport(const pb::Verdict& v) {
  const std::string both = SelfReportText(v.self()) + ", verdict " + StateName(v.state());
  const bool self_serves = SelfServes(v.self());
  const Advice advice = AdviceOf(v.state());
  if (advice == Advice::kNothing) {
    if (v.serving() != self_serves) return {true, both + ": overridden, as configured for this state"};
    const bool configured = v.self().answer() > pb::SelfReport::NOT_CONFIGURED;
    return {false, both + (configured ? ": the self-report decides" : ": treated as serving")};
  }
  const bool candor_serves = advice == Advice::kServe;
  if ((self_serves && candor_serves) != v.serving()) {
    return {true, both + "; yet the effective answer is " + ServingName(v.serving())};
  }
  if (self_serves == candor_serves) return {false, both};
  if (self_serves) return {true, both + ": overridden"};
  return {true, both + ": the self-report decides (Candor overrides downward only)"};
}

std::string StateMeaning(pb::State state) {
  switch (state) {
    case pb::UNKNOWN:
      return "too little evidence for a verdict";
    case pb::HEALTHY:
      return "attempts become active; a total failure would have been detected";
    case pb::DEGRADED:
      return "the node is impaired and still serves";
    case pb::FAILING:
      return "new connections get no media, and the node is the cause";
    case pb::PROBATION:
      return "the node is being readmitted gradually";
    case pb::DRAINING:
      return "an operator, or the node itself, asked for no new attempts";
    case pb::BLIND:
      return "the probes cannot see";
    default:
      return "a state of a newer candord";
  }
}

std::string CauseName(const pb::Cause& cause) {
  if (cause.code().empty()) return "";
  return Printable(cause.code()) + (cause.measured() ? " (measured)" : " (inferred)");
}

std::string StateAge(const pb::Verdict& v, WallTime now) {
  return v.has_since() ? Age(now - FromProto(v.since())) : "an unknown time";
}

std::string StaleWarning(const pb::Verdict& v, WallTime now) {
  if (!v.has_judged_at()) return "candord has not judged yet";
  const auto age = now - FromProto(v.judged_at());
  if (age < kStale) return "";
  return fmt::format("last judged {} ago: candord's pipeline has stopped{}", Age(age),
                     v.has_now() ? "" : ", or the clocks of the two hosts differ");
}

std::string SteeringText(const pb::Verdict& v) {
  if (!v.has_steering()) return "";
  return Printable(v.steering().state()) + ": " + Printable(v.steering().text());
}

}  // namespace candor::cli
