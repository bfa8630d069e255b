// SPDX-License-Identifier: Apache-2.0
//
// HEALTHY ends when attempts that usually come stay away.
#include "judge_harness.h"

namespace candor {
namespace {

TEST(Arrivals, HealthyEndsWhenAttemptsThatUsuallyComeStayAway) {
  JudgeHarness j;
  j.Good(600, 1.0 / 3);
  ASSERT_EQ(j.v().state, State::kHealthy);
  ASSERT_TRUE(j.v().arrivals.known);
  const double stopped = j.now();
  while (j.v().state == State::kHealthy && j.now() < stopped + 60) j.Until(j.now() + 0.25);
  EXPECT_LE(j.now() - stopped, 15) << "at three a second";
  EXPECT_EQ(j.v().state, State::kUnknown);
  EXPECT_EQ(j.v().reason, "attempts_ceased");
  EXPECT_NE(j.v().detail.find("No attempt has counted for"), std::string::npos) << j.v().detail;
  EXPECT_NEAR(j.v().arrivals.usual_per_second, 3, 0.5);
  EXPECT_GE(j.v().arrivals.expected, j.v().arrivals.limit);
}

TEST(Arrivals, HealthyReturnsOnceAttemptsComeUpAgain) {
  JudgeHarness j;
  j.Good(600, 1.0 / 3);
  j.Until(j.now() + 60);
  ASSERT_EQ(j.v().reason, "attempts_ceased");
  j.Good(1, 1.0 / 3);
  EXPECT_EQ(j.v().state, State::kUnknown) << "one is too little evidence";
  EXPECT_NE(j.v().reason, "attempts_ceased");
  j.Good(20, 1.0 / 3);
  EXPECT_EQ(j.v().state, State::kHealthy) << j.v().detail;
}

TEST(Arrivals, AFailingNodeStaysFailingThoughItsClientsAreKeptAway) {
  JudgeHarness j;
  j.Good(600, 1.0 / 3);
  j.Stuck(30, 1.0 / 3);
  ASSERT_EQ(j.v().state, State::kFailing);
  j.Until(j.now() + 25);
  EXPECT_EQ(j.v().state, State::kFailing);
  EXPECT_FALSE(j.v().arrivals.known);
}

TEST(Arrivals, ForgedAttemptsDoNotHideThatTheOthersStayAway) {
  JudgeHarness j;
  j.Good(600, 1.0 / 3);
  for (int i = 0; i < 100; ++i) {
    j.Send(AttemptEvent::Kind::kOffered, j.now(), ++j.id_,
           IpAddress::V4(0x01020304u + static_cast<uint32_t>(i)));
    j.Until(j.now() + 0.25);
  }
  EXPECT_NE(j.v().state, State::kHealthy) << j.v().detail;
}

TEST(Arrivals, AttemptsOfATrunkThatDoNotCountAfterAFailureCameAllTheSame) {
  JudgeHarness j;
  j.one_peer = IpAddress::V4(0xcb00640a);
  for (int i = 0; i < 5; ++i) {
    if (i > 0) j.Stuck(1, 1.0 / 3);
    for (int n = 0; n < 600; ++n) {
      j.Good(1, 1.0 / 3);
      ASSERT_NE(j.v().reason, "attempts_ceased") << j.v().detail;
    }
  }
}

TEST(Arrivals, ABrokenClientThatTriesAgainDoesNotHideThatTheOthersStayAway) {
  JudgeHarness j;
  j.Good(600, 1.0 / 3);
  j.one_peer = IpAddress::V4(0xcb00640a);
  j.Stuck(15, 2);
  EXPECT_NE(j.v().state, State::kHealthy) << j.v().detail;
}

// A judge that continues from what another saved `down` ago.
void Continue(const JudgeHarness& before, Duration down, JudgeHarness* j) {
  const auto restored =
      j->judge().RestoreBaseline(before.judge().SaveBaseline(), down, JudgeHarness::At(j->now()));
  ASSERT_TRUE(restored) << restored.error().message;
}

TEST(Arrivals, ARestartDuringAnOutageIsNotHealthyAndKnowsWhy) {
  JudgeHarness before, j;
  before.Good(600, 1.0 / 3);
  Continue(before, std::chrono::seconds(30), &j);
  for (double until = j.now() + 60; j.now() < until;) {
    j.Until(j.now() + 0.25);
    ASSERT_EQ(j.v().state, State::kUnknown) << j.v().detail;
  }
  EXPECT_EQ(j.v().reason, "attempts_ceased");
}

TEST(Arrivals, SoonAfterARestartHealthyEndsAsSoonAsOtherwise) {
  JudgeHarness before, j;
  before.Good(600, 1.0 / 3);
  Continue(before, std::chrono::seconds(30), &j);
  j.Good(45, 1.0 / 3);
  ASSERT_EQ(j.v().state, State::kHealthy) << j.v().detail;
  j.Until(j.now() + 15);
  EXPECT_EQ(j.v().state, State::kUnknown);
  EXPECT_EQ(j.v().reason, "attempts_ceased");
}

}  // namespace
}  // namespace candor
