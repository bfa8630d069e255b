// SPDX-License-Identifier: Apache-2.0
//
// The states as an operator sees them.
#include "judge_harness.h"

namespace candor {
namespace {

TEST(JudgeStates, BeginsUnknownWithoutEvidence) {
  JudgeHarness j;
  EXPECT_EQ(j.v().state, State::kUnknown);
  EXPECT_EQ(j.v().reason, "no_evidence");
  j.Until(100);
  EXPECT_EQ(j.v().state, State::kUnknown);
}

TEST(JudgeStates, IsHealthyOnlyWhenATotalFailureWouldHaveBeenSeen) {
  JudgeHarness j;
  j.Good(2, 0.5);
  EXPECT_EQ(j.v().state, State::kUnknown);
  EXPECT_EQ(j.v().reason, "too_little_evidence");
  j.Good(30, 0.5);
  EXPECT_EQ(j.v().state, State::kHealthy);
  EXPECT_EQ(j.v().reason, "ok");
}

TEST(JudgeStates, EvidenceGoesStale) {
  JudgeHarness j;
  j.Good(50, 0.5);
  const double last = j.now();
  EXPECT_EQ(j.Until(last + 295).state, State::kHealthy);
  j.Until(last + 310);
  EXPECT_EQ(j.v().state, State::kUnknown);
  EXPECT_EQ(j.v().reason, "stale_evidence");
}

TEST(JudgeStates, GoesFromFailingThroughProbationToHealthy) {
  JudgeHarness j;
  j.Good(300, 0.25);
  j.Stuck(30, 0.25);
  ASSERT_EQ(j.v().state, State::kFailing);
  EXPECT_GT(j.v().clears_in, Duration(0));
  j.Good(60, 0.5);
  EXPECT_EQ(j.v().state, State::kFailing) << "held for half a minute after the last failure";
  bool probation = false;
  for (int i = 0; i < 200 && j.v().state != State::kHealthy; ++i) {
    j.Good(1, 0.5);
    probation = probation || j.v().state == State::kProbation;
  }
  EXPECT_TRUE(probation);
  EXPECT_EQ(j.v().state, State::kHealthy);
}

TEST(JudgeStates, StaysFailingWhileATrickleStillFails) {
  JudgeHarness j;
  j.Good(300, 0.25);
  j.Stuck(30, 0.25);
  for (int i = 0; i < 100; ++i) {
    j.Stuck(1, 4);
    ASSERT_EQ(j.v().state, State::kFailing) << i;
  }
}

TEST(JudgeStates, FailsAgainInProbationWhenTheNodeStillFails) {
  JudgeHarness j;
  j.Good(300, 0.25);
  j.Stuck(30, 0.25);
  j.Until(j.now() + 120);  // no more clients
  ASSERT_EQ(j.v().state, State::kProbation);
  j.Stuck(10, 1);
  EXPECT_EQ(j.v().state, State::kFailing);
}

Time TimeOf(double seconds) {
  return Time(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds)));
}

TEST(JudgeBaseline, OutlivesTheProcessAndMakesTheNextOneQuicker) {
  JudgeHarness first, cold, warm;
  first.Good(4000, 0.25);
  const std::string saved = first.judge().SaveBaseline();
  ASSERT_TRUE(warm.judge().RestoreBaseline(saved, std::chrono::minutes(1), Time{}).has_value());
  for (JudgeHarness* j : {&cold, &warm}) {
    j->Good(20, 0.25);
    j->Stuck(40, 0.25);
  }
  EXPECT_LT(warm.failed_at, cold.failed_at);
}

TEST(JudgeBaseline, AnAlarmInForceGoesOnAfterARestart) {
  JudgeHarness first, second;
  first.Good(300, 0.25);
  first.Stuck(30, 0.25);
  ASSERT_EQ(first.v().state, State::kFailing);
  const std::string saved = first.judge().SaveBaseline();
  ASSERT_TRUE(
      second.judge().RestoreBaseline(saved, std::chrono::seconds(1), TimeOf(second.now())).has_value());
  EXPECT_EQ(second.v().state, State::kFailing);
  EXPECT_EQ(second.v().reason, first.v().reason);
  EXPECT_EQ(second.v().detector, first.v().detector);
  EXPECT_EQ(second.v().failed, first.v().failed);
  EXPECT_EQ(second.v().detail, first.v().detail);
  // The node is let back in as it would have been.
  second.Until(second.now() + 40);
  EXPECT_EQ(second.v().state, State::kProbation);
  second.Good(60, 0.25);
  EXPECT_EQ(second.v().state, State::kHealthy);
}

TEST(JudgeBaseline, AnAlarmOfLongAgoDoesNotGoOn) {
  JudgeHarness first, second;
  first.Good(300, 0.25);
  first.Stuck(30, 0.25);
  const std::string saved = first.judge().SaveBaseline();
  ASSERT_TRUE(
      second.judge().RestoreBaseline(saved, std::chrono::minutes(5), TimeOf(second.now())).has_value());
  EXPECT_EQ(second.v().state, State::kUnknown);
}

TEST(JudgeBaseline, DamageIsAnErrorAndChangesNothing) {
  JudgeHarness j;
  j.Good(1000, 0.25);
  const std::string before = j.judge().SaveBaseline();
  std::string damaged = before;
  damaged[damaged.size() / 2] ^= 1;
  EXPECT_FALSE(j.judge().RestoreBaseline(damaged, Duration(0), Time{}).has_value());
  EXPECT_FALSE(j.judge().RestoreBaseline("", Duration(0), Time{}).has_value());
  EXPECT_FALSE(j.judge().RestoreBaseline(before, Duration(-1), Time{}).has_value());
  EXPECT_EQ(j.judge().SaveBaseline(), before);
}

TEST(JudgeBaseline, ResetForgetsTheBaseline) {
  JudgeHarness j;
  j.Good(4000, 0.25);
  const double learned = j.v().detectors[2].baseline_failure_rate;
  j.judge().ResetBaseline();
  j.Good(10, 1);
  EXPECT_GT(j.v().detectors[2].baseline_failure_rate, learned * 2);
}

}  // namespace
}  // namespace candor
