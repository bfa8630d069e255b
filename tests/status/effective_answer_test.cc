// SPDX-License-Identifier: Apache-2.0
#include "status/effective_answer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace candor {
namespace {

SelfReport ReportOf(SelfAnswer answer) {
  SelfReport r;
  r.answer = answer;
  return r;
}

// The effective answer of a state, by policy, when the self-report is "ok".
struct Row {
  const char* name;
  State state;
  bool follow_self;
  bool not_serving;
};

const std::vector<Row> kContract = {
    {"healthy", State::kHealthy, true, true},     {"degraded", State::kDegraded, true, true},
    {"probation", State::kProbation, true, true}, {"failing", State::kFailing, false, false},
    {"draining", State::kDraining, false, false}, {"unknown", State::kUnknown, true, true},
    {"blind", State::kBlind, true, false},
};

TEST(EffectiveAnswer, WithASelfReportOfOkEveryStateAnswersByTheContract) {
  for (const Row& row : kContract) {
    for (const SelfAnswer answer : {SelfAnswer::kOk, SelfAnswer::kNotConfigured}) {
      EXPECT_EQ(EffectiveServing(row.state, ReportOf(answer), BlindPolicy::kFollowSelf), row.follow_self)
          << row.name;
      EXPECT_EQ(EffectiveServing(row.state, ReportOf(answer), BlindPolicy::kNotServing), row.not_serving)
          << row.name;
    }
  }
}

TEST(EffectiveAnswer, WithoutASelfReportOfOkNoStateServes) {
  for (const Row& row : kContract) {
    for (const SelfAnswer answer : {SelfAnswer::kDown, SelfAnswer::kUnreachable, SelfAnswer::kPending}) {
      for (const BlindPolicy policy : {BlindPolicy::kFollowSelf, BlindPolicy::kNotServing}) {
        EXPECT_FALSE(EffectiveServing(row.state, ReportOf(answer), policy)) << row.name;
      }
    }
  }
}

TEST(EffectiveAnswer, AStateThatDoesNotExistDoesNotServe) {
  EXPECT_FALSE(EffectiveServing(static_cast<State>(99), ReportOf(SelfAnswer::kOk), BlindPolicy::kFollowSelf));
}

TEST(EffectiveAnswer, BlindnessReplacesEveryStateButDraining) {
  const Blindness blindness{"ring_overflow", "events were lost"};
  for (const Row& row : kContract) {
    Verdict judged;
    judged.state = row.state;
    judged.reason = "judged";
    judged.remediation = "restart the media server";
    judged.cause.code = "frozen";
    judged.since = TimeFromNanos(5);
    judged.counted = 7;
    const Verdict shown = WithBlindness(judged, blindness, TimeFromNanos(9));
    EXPECT_EQ(shown.counted, 7u) << row.name;
    if (row.state == State::kDraining) {
      EXPECT_EQ(shown.state, State::kDraining);
      EXPECT_EQ(shown.reason, "judged");
      EXPECT_EQ(shown.since, TimeFromNanos(5));
      continue;
    }
    EXPECT_EQ(shown.state, State::kBlind) << row.name;
    EXPECT_EQ(shown.reason, "ring_overflow");
    EXPECT_EQ(shown.detail, "events were lost");
    EXPECT_EQ(shown.remediation, "");
    EXPECT_TRUE(shown.cause.empty());
    EXPECT_EQ(shown.since, TimeFromNanos(9));
  }
}

TEST(EffectiveAnswer, AnAlarmOfBeforeARestartStaysWhileTheProbesAreLoaded) {
  Verdict judged;
  judged.reason = "frozen";
  for (const char* passing : {"starting", "loading", "catching_up"}) {
    judged.state = State::kFailing;
    EXPECT_EQ(WithBlindness(judged, {passing, "a second or less"}, Time{}).state, State::kFailing);
    judged.state = State::kProbation;
    EXPECT_EQ(WithBlindness(judged, {passing, "a second or less"}, Time{}).state, State::kBlind);
  }
  judged.state = State::kFailing;
  EXPECT_EQ(WithBlindness(judged, {"load_timeout", "it hangs"}, Time{}).state, State::kBlind);
}

TEST(EffectiveAnswer, WithoutBlindnessTheVerdictIsUnchanged) {
  Verdict judged;
  judged.state = State::kFailing;
  judged.reason = "waiting_on_node";
  const Verdict shown = WithBlindness(judged, Blindness{}, Time{});
  EXPECT_EQ(shown.state, State::kFailing);
  EXPECT_EQ(shown.reason, "waiting_on_node");
}

TEST(EffectiveAnswer, ASourceObservesOnlyWhenPresentAndNotBlind) {
  SourceHealth source;
  EXPECT_FALSE(IsObserving(source));
  source.kind = "bpf";
  EXPECT_TRUE(IsObserving(source));
  source.blindness.code = "load_timeout";
  EXPECT_FALSE(IsObserving(source));
}

}  // namespace
}  // namespace candor
