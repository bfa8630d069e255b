// SPDX-License-Identifier: Apache-2.0
#include "verdict/health_state_machine.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

class LatchTest : public testing::Test {
 protected:
  State At(int second) {
    s_.now = Time(std::chrono::seconds(second));
    return health_.Step(s_);
  }
  void MakeHealthy() {
    s_.enough = s_.fresh = s_.traffic = true;
    ASSERT_EQ(At(1), State::kHealthy);
  }
  void Fail(int second) {
    s_.alarm = s_.doubt = true;
    ASSERT_EQ(At(second), State::kFailing);
    s_.alarm = s_.doubt = false;
    s_.recovery = 0;
  }

  HealthInputs s_;
  HealthStateMachine health_{HealthStateOptions{}};
};

TEST_F(LatchTest, TooLittleEvidenceIsUnknownNeverHealthy) {
  EXPECT_EQ(At(1), State::kUnknown);
  s_.fresh = true;
  EXPECT_EQ(At(2), State::kUnknown);
  s_.enough = true;
  EXPECT_EQ(At(3), State::kHealthy);
  s_.fresh = false;
  EXPECT_EQ(At(4), State::kUnknown);
}

TEST_F(LatchTest, TheFirstStateBeginsWithTheFirstStep) {
  EXPECT_EQ(At(7), State::kUnknown);
  EXPECT_EQ(health_.since(), Time(std::chrono::seconds(7)));
}

TEST_F(LatchTest, AnAlarmIsFailingFromAnyState) {
  Fail(1);
  EXPECT_EQ(health_.since(), Time(std::chrono::seconds(1)));
}

TEST_F(LatchTest, DoubtIsDegradedOnlyWhenItLasts) {
  MakeHealthy();
  s_.doubt = true;
  EXPECT_EQ(At(2), State::kHealthy);
  EXPECT_EQ(At(12), State::kHealthy);
  EXPECT_EQ(At(13), State::kDegraded);
  s_.doubt = false;
  EXPECT_EQ(At(20), State::kDegraded) << "it lingers as long as it took";
  EXPECT_EQ(At(30), State::kHealthy);
}

TEST_F(LatchTest, HarmIsDegradedAtOnce) {
  MakeHealthy();
  s_.harm = true;
  EXPECT_EQ(At(2), State::kDegraded);
}

TEST_F(LatchTest, FailingIsHeldThirtySecondsAfterTheLastSickness) {
  MakeHealthy();
  Fail(10);
  s_.recovery = -1;
  EXPECT_EQ(At(100), State::kFailing);
  s_.recovery = 1;
  EXPECT_EQ(At(129), State::kFailing);
  EXPECT_EQ(health_.ClearsIn(Time(std::chrono::seconds(129))), std::chrono::seconds(1));
  EXPECT_EQ(At(130), State::kProbation);
}

TEST_F(LatchTest, WithoutTrafficTheHoldAloneDecides) {
  MakeHealthy();
  Fail(10);
  s_.recovery = -5;
  s_.traffic = false;
  EXPECT_EQ(At(39), State::kFailing);
  EXPECT_EQ(At(40), State::kProbation);
}

TEST_F(LatchTest, ProbationEndsWellAtAHundredToOne) {
  MakeHealthy();
  Fail(10);
  ASSERT_EQ(At(40), State::kProbation);
  s_.recovery = 4.5;
  EXPECT_EQ(At(50), State::kProbation);
  s_.recovery = 4.7;
  EXPECT_EQ(At(51), State::kHealthy);
}

TEST_F(LatchTest, InProbationDoubtIsEnoughToFailAgainAndNeedsMoreNextTime) {
  MakeHealthy();
  Fail(10);
  ASSERT_EQ(At(40), State::kProbation);
  const double before = health_.NeededOdds();
  s_.doubt = true;
  EXPECT_EQ(At(41), State::kFailing);
  EXPECT_EQ(health_.hold(), std::chrono::seconds(300));
  EXPECT_GT(health_.NeededOdds(), before);
}

TEST_F(LatchTest, ASecondAlarmWithinTheHourIsHeldTenTimesAsLongAndFifteenMinutesAtMost) {
  MakeHealthy();
  Fail(10);
  ASSERT_EQ(At(40), State::kProbation);
  s_.recovery = 5;
  ASSERT_EQ(At(41), State::kHealthy);
  Fail(100);
  EXPECT_EQ(health_.hold(), std::chrono::seconds(300));
  ASSERT_EQ(At(400), State::kProbation);
  s_.recovery = 10;
  ASSERT_EQ(At(401), State::kHealthy);
  Fail(500);
  EXPECT_EQ(health_.hold(), std::chrono::minutes(15));
}

TEST_F(LatchTest, AnAlarmAfterAQuietHourBeginsAnew) {
  MakeHealthy();
  Fail(10);
  ASSERT_EQ(At(40), State::kProbation);
  s_.recovery = 5;
  ASSERT_EQ(At(41), State::kHealthy);
  Fail(4000);
  EXPECT_EQ(health_.hold(), std::chrono::seconds(30));
}

TEST_F(LatchTest, OnlyAnAlarmInForceIsRemembered) {
  EXPECT_FALSE(health_.Remember(s_.now));
  MakeHealthy();
  EXPECT_FALSE(health_.Remember(s_.now));
  Fail(10);
  const auto memory = health_.Remember(Time(std::chrono::seconds(12)));
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->state, State::kFailing);
  EXPECT_EQ(memory->since, std::chrono::seconds(2));
  EXPECT_EQ(memory->hold, std::chrono::seconds(30));
}

TEST_F(LatchTest, AResumedAlarmIsHeldForTheRestOfItsTime) {
  const HealthStateMachine::Memory memory{State::kFailing, std::chrono::seconds(12), std::chrono::seconds(2),
                                          std::chrono::seconds(30), 1};
  const Time now(std::chrono::seconds(1000));
  ASSERT_TRUE(health_.Resume(memory, std::chrono::seconds(3), now));
  EXPECT_EQ(health_.since(), now - std::chrono::seconds(15));
  EXPECT_EQ(health_.ClearsIn(now), std::chrono::seconds(25));
  EXPECT_EQ(At(1024), State::kFailing);
  EXPECT_EQ(At(1026), State::kProbation);
  EXPECT_DOUBLE_EQ(health_.NeededOdds(), 2 * HealthStateOptions{}.recovery_odds);
}

TEST_F(LatchTest, WhatWouldHaveClearedMeanwhileIsNotResumed) {
  HealthStateMachine::Memory memory{State::kFailing, std::chrono::seconds(12), std::chrono::seconds(2),
                                    std::chrono::seconds(30), 0};
  EXPECT_FALSE(health_.Resume(memory, std::chrono::seconds(28), Time(std::chrono::seconds(1000))));
  EXPECT_EQ(health_.state(), State::kUnknown);
  memory.hold = std::chrono::hours(1000);  // of a foreign hand: not longer than the longest
  EXPECT_FALSE(health_.Resume(memory, std::chrono::minutes(15), Time(std::chrono::seconds(1000))));
}

TEST_F(LatchTest, ANodeThatFailedProbationOftenCanComeBack) {
  MakeHealthy();
  Fail(2);
  int t = 2;
  for (int relapse = 0; relapse < 40; ++relapse) {
    t += 2000;
    ASSERT_EQ(At(t), State::kProbation);
    s_.doubt = true;
    ASSERT_EQ(At(++t), State::kFailing);
    s_.doubt = false;
  }
  ASSERT_EQ(At(t + 2000), State::kProbation);
  s_.recovery = 10 * HealthStateOptions{}.recovery_odds;  // no sum of successes is larger
  EXPECT_EQ(At(t + 2001), State::kHealthy);
}

TEST_F(LatchTest, ProbationEndsInDegradedWhereSomethingHarms) {
  MakeHealthy();
  Fail(2);
  ASSERT_EQ(At(2002), State::kProbation);
  s_.recovery = 10;
  s_.harm = true;
  EXPECT_EQ(At(2003), State::kDegraded);
}

}  // namespace
}  // namespace candor
