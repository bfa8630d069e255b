// SPDX-License-Identifier: Apache-2.0
#include "cli/render/explain.h"

#include <fmt/format.h>

#include "cli/render/text.h"

namespace candor::cli {
namespace {

// Candor judges four times a second; a verdict this old was left lying.
constexpr std::chrono::seconds kStale{5};

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

std::string NodeWords(const pb::SelfReport& self) {
  const std::string detail = InParentheses(Printable(self.detail()));
  switch (self.answer()) {
    case pb::SelfReport::OK:
      return "the node says OK" + detail;
    case pb::SelfReport::DOWN:
      return "the node says DOWN" + detail;
    case pb::SelfReport::UNREACHABLE:
      return "the node does not answer for itself" + detail;
    case pb::SelfReport::NOT_CHECKED_YET:
      return "the node was not asked yet";
    default:
      return "the node is not asked (no self-report is configured)";
  }
}

SelfReportComparison WithoutVerdict(const pb::Verdict& v, const std::string& node, bool self_serves) {
  const std::string candor = "Candor cannot say (" + StateName(v.state()) + ")";
  if (v.serving() == self_serves) {
    const bool asked = v.self().answer() > pb::SelfReport::NOT_CONFIGURED;
    return {false, node + "; " + candor + ": " + (asked ? "the node's word stands" : "taken as serving")};
  }
  return {true, node + "; " + candor + " and is configured not to follow the node then: overridden"};
}

}  // namespace

std::string InParentheses(const std::string& text) { return text.empty() ? "" : " (" + text + ")"; }

SelfReportComparison CompareWithSelfReport(const pb::Verdict& v) {
  const std::string node = NodeWords(v.self());
  const std::string candor = "Candor says " + StateName(v.state());
  const bool self_serves = SelfServes(v.self());
  const Advice says = AdviceOf(v.state());
  if (says == Advice::kNothing) return WithoutVerdict(v, node, self_serves);
  const bool candor_serves = says == Advice::kServe;
  if ((self_serves && candor_serves) != v.serving()) {
    return {true, node + "; " + candor + "; yet the effective answer is " + ServingName(v.serving())};
  }
  if (self_serves == candor_serves) return {false, node + "; " + candor};
  if (self_serves) return {true, node + "; " + candor + ": overridden"};
  return {true, node + "; " + candor + ": the node's word stands (Candor overrides downward only)"};
}

std::string StateMeaning(pb::State state) {
  switch (state) {
    case pb::UNKNOWN:
      return "too little evidence to judge";
    case pb::HEALTHY:
      return "attempts become active; a total failure would have been seen";
    case pb::DEGRADED:
      return "the node is harmed and still serves";
    case pb::FAILING:
      return "new connections get no media, and the node is why";
    case pb::PROBATION:
      return "the node is let back in a little at a time";
    case pb::DRAINING:
      return "an operator, or the node itself, asked for no new attempts";
    case pb::BLIND:
      return "the probes cannot see";
    default:
      return "a state that this candorctl does not know";
  }
}

std::string StateAge(const pb::Verdict& v, WallTime now) {
  return v.has_since() ? Age(now - FromProto(v.since())) : "an unknown time";
}

std::string StaleWarning(const pb::Verdict& v, WallTime now) {
  if (!v.has_judged_at()) return "candord has not judged yet";
  const auto age = now - FromProto(v.judged_at());
  if (age < kStale) return "";
  return fmt::format("last judged {} ago: candord stands still{}", Age(age),
                     v.has_now() ? "" : ", or the clocks of the two hosts differ");
}

}  // namespace candor::cli
