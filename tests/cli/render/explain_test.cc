// SPDX-License-Identifier: Apache-2.0
#include "cli/render/explain.h"

#include <gtest/gtest.h>

namespace candor::cli {
namespace {

constexpr WallTime kAt{std::chrono::seconds(1000)};

pb::Verdict Make(pb::State state, pb::SelfReport::Answer answer, bool serving) {
  pb::Verdict v;
  v.set_state(state);
  v.mutable_self()->set_answer(answer);
  v.set_serving(serving);
  return v;
}

TEST(CompareWithSelfReport, NamesTheDecidingOne) {
  using Self = pb::SelfReport;
  struct Row {
    pb::State state;
    Self::Answer self;
    bool serving, disagree;
    const char* sentence;
  };
  const Row rows[] = {
      {pb::HEALTHY, Self::OK, true, false, "self-report OK, verdict HEALTHY"},
      {pb::DEGRADED, Self::OK, true, false, "self-report OK, verdict DEGRADED"},
      {pb::FAILING, Self::OK, false, true, "self-report OK, verdict FAILING: overridden"},
      {pb::FAILING, Self::DOWN, false, false, "self-report DOWN, verdict FAILING"},
      {pb::DRAINING, Self::OK, false, true, "self-report OK, verdict DRAINING: overridden"},
      {pb::HEALTHY, Self::DOWN, false, true,
       "self-report DOWN, verdict HEALTHY: the self-report decides (Candor overrides downward only)"},
      {pb::HEALTHY, Self::UNREACHABLE, false, true,
       "self-report UNREACHABLE, verdict HEALTHY: the self-report decides (Candor overrides downward only)"},
      {pb::UNKNOWN, Self::OK, true, false, "self-report OK, verdict UNKNOWN: the self-report decides"},
      {pb::BLIND, Self::DOWN, false, false, "self-report DOWN, verdict BLIND: the self-report decides"},
      {pb::BLIND, Self::OK, false, true,
       "self-report OK, verdict BLIND: overridden, as configured for this state"},
      {pb::UNKNOWN, Self::NOT_CONFIGURED, true, false,
       "no self-report configured, verdict UNKNOWN: treated as serving"},
      {pb::UNKNOWN, Self::NOT_CHECKED_YET, false, false,
       "self-report not checked yet, verdict UNKNOWN: the self-report decides"},
      {pb::HEALTHY, Self::OK, false, true,
       "self-report OK, verdict HEALTHY; yet the effective answer is NOT SERVING"},
  };
  for (const Row& row : rows) {
    const SelfReportComparison got = CompareWithSelfReport(Make(row.state, row.self, row.serving));
    EXPECT_EQ(got.sentence, row.sentence);
    EXPECT_EQ(got.disagree, row.disagree) << row.sentence;
  }
}

TEST(CompareWithSelfReport, TheNodesDetailIsShownAndEscaped) {
  pb::Verdict v = Make(pb::HEALTHY, pb::SelfReport::OK, true);
  v.mutable_self()->set_detail("HTTP 200\x1b");
  EXPECT_EQ(CompareWithSelfReport(v).sentence, "self-report OK (HTTP 200\\x1b), verdict HEALTHY");
}

TEST(StateMeaning, IsThereForEveryState) {
  for (int i = 1; i < pb::State_descriptor()->value_count(); ++i) {
    EXPECT_NE(StateMeaning(static_cast<pb::State>(i)), StateMeaning(pb::STATE_UNSPECIFIED)) << i;
  }
}

TEST(StateAge, IsTheAgeOrUnknown) {
  pb::Verdict v;
  EXPECT_EQ(StateAge(v, kAt), "an unknown time");
  v.mutable_since()->set_seconds(748);
  EXPECT_EQ(StateAge(v, kAt), "4 min 12 s");
}

TEST(StaleWarning, ComesWhenTheVerdictIsOld) {
  pb::Verdict v;
  EXPECT_EQ(StaleWarning(v, kAt), "candord has not judged yet");
  v.mutable_judged_at()->set_seconds(996);
  EXPECT_EQ(StaleWarning(v, kAt), "");
  v.mutable_judged_at()->set_seconds(990);
  EXPECT_EQ(StaleWarning(v, kAt),
            "last judged 10 s ago: candord's pipeline has stopped, or the clocks of the two hosts differ");
  v.mutable_now()->set_seconds(1000);
  EXPECT_EQ(StaleWarning(v, kAt), "last judged 10 s ago: candord's pipeline has stopped")
      << "by its own clock";
}

TEST(SteeringText, IsEmptyWithoutSteering) {
  pb::Verdict v;
  EXPECT_EQ(SteeringText(v), "");
  v.mutable_steering()->set_state("ready");
  v.mutable_steering()->set_text("LiveKit's own word\nstands");
  EXPECT_EQ(SteeringText(v).rfind("ready: LiveKit's own word", 0), 0u);
  EXPECT_EQ(SteeringText(v).find('\n'), std::string::npos);
}

}  // namespace
}  // namespace candor::cli
