// SPDX-License-Identifier: Apache-2.0
#include "verdict/health_state_machine.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

class HealthStateMachineTest : public testing::Test {
 protected:
  State At(int second) {
    in_.now = Time(std::chrono::seconds(second));
    return health_.Step(in_);
  }
  void MakeHealthy() {
    in_.enough = in_.fresh = in_.traffic = true;
    ASSERT_EQ(At(1), State::kHealthy);
  }
  void Fail(int second) {
    in_.alarm = in_.doubt = true;
    ASSERT_EQ(At(second), State::kFailing);
    in_.alarm = in_.doubt = false;
    in_.recovery = 0;
  }

  HealthInputs in_;
  HealthStateMachine health_{std::chrono::seconds(10)};
};

TEST_F(HealthStateMachineTest, TooLittleEvidenceIsUnknownNeverHealthy) {
  EXPECT_EQ(At(1), State::kUnknown);
  in_.fresh = true;
  EXPECT_EQ(At(2), State::kUnknown);
  in_.enough = true;
  EXPECT_EQ(At(3), State::kHealthy);
  in_.fresh = false;
  EXPECT_EQ(At(4), State::kUnknown);
}

TEST_F(HealthStateMachineTest, TheFirstStateBeginsWithTheFirstStep) {
  EXPECT_EQ(At(7), State::kUnknown);
  EXPECT_EQ(health_.since(), Time(std::chrono::seconds(7)));
}

TEST_F(HealthStateMachineTest, AnAlarmIsFailingFromAnyState) {
  Fail(1);
  EXPECT_EQ(health_.since(), Time(std::chrono::seconds(1)));
}

TEST_F(HealthStateMachineTest, DoubtIsDegradedOnlyWhenItLasts) {
  MakeHealthy();
  in_.doubt = true;
  EXPECT_EQ(At(2), State::kHealthy);
  EXPECT_EQ(At(12), State::kHealthy);
  EXPECT_EQ(At(13), State::kDegraded);
  in_.doubt = false;
  EXPECT_EQ(At(20), State::kDegraded) << "held as long as it took";
  EXPECT_EQ(At(30), State::kHealthy);
}

TEST_F(HealthStateMachineTest, HarmIsDegradedAtOnce) {
  MakeHealthy();
  in_.harm = true;
  EXPECT_EQ(At(2), State::kDegraded);
}

TEST_F(HealthStateMachineTest, FailingIsHeldThirtySecondsAfterTheLastFailure) {
  MakeHealthy();
  Fail(10);
  in_.recovery = -1;
  EXPECT_EQ(At(100), State::kFailing);
  in_.recovery = 1;
  EXPECT_EQ(At(129), State::kFailing);
  EXPECT_EQ(health_.ClearsIn(Time(std::chrono::seconds(129))), std::chrono::seconds(1));
  EXPECT_EQ(At(130), State::kProbation);
}

TEST_F(HealthStateMachineTest, WithoutTrafficTheHoldAloneDecides) {
  MakeHealthy();
  Fail(10);
  in_.recovery = -5;
  in_.traffic = false;
  EXPECT_EQ(At(39), State::kFailing);
  EXPECT_EQ(At(40), State::kProbation);
}

TEST_F(HealthStateMachineTest, ProbationEndsInHealthAtAHundredToOne) {
  MakeHealthy();
  Fail(10);
  ASSERT_EQ(At(40), State::kProbation);
  in_.recovery = 4.5;
  EXPECT_EQ(At(50), State::kProbation);
  in_.recovery = 4.7;
  EXPECT_EQ(At(51), State::kHealthy);
}

TEST_F(HealthStateMachineTest, InProbationDoubtIsEnoughToFailAgainAndNeedsMoreNextTime) {
  MakeHealthy();
  Fail(10);
  ASSERT_EQ(At(40), State::kProbation);
  const double before = health_.NeededOdds();
  in_.doubt = true;
  EXPECT_EQ(At(41), State::kFailing);
  EXPECT_EQ(health_.hold(), std::chrono::seconds(300));
  EXPECT_GT(health_.NeededOdds(), before);
}

TEST_F(HealthStateMachineTest, ASecondAlarmWithinTheHourIsHeldTenTimesAsLongAndFifteenMinutesAtMost) {
  MakeHealthy();
  Fail(10);
  ASSERT_EQ(At(40), State::kProbation);
  in_.recovery = 5;
  ASSERT_EQ(At(41), State::kHealthy);
  Fail(100);
  EXPECT_EQ(health_.hold(), std::chrono::seconds(300));
  ASSERT_EQ(At(400), State::kProbation);
  in_.recovery = 10;
  ASSERT_EQ(At(401), State::kHealthy);
  Fail(500);
  EXPECT_EQ(health_.hold(), std::chrono::minutes(15));
}

TEST_F(HealthStateMachineTest, AnAlarmAfterAQuietHourIsAFirstOne) {
  MakeHealthy();
  Fail(10);
  ASSERT_EQ(At(40), State::kProbation);
  in_.recovery = 5;
  ASSERT_EQ(At(41), State::kHealthy);
  Fail(4000);
  EXPECT_EQ(health_.hold(), std::chrono::seconds(30));
}

TEST_F(HealthStateMachineTest, OnlyAnAlarmInForceIsSaved) {
  EXPECT_FALSE(health_.Save(in_.now));
  MakeHealthy();
  EXPECT_FALSE(health_.Save(in_.now));
  Fail(10);
  const auto saved = health_.Save(Time(std::chrono::seconds(12)));
  ASSERT_TRUE(saved);
  EXPECT_EQ(saved->state, State::kFailing);
  EXPECT_EQ(saved->since, std::chrono::seconds(2));
  EXPECT_EQ(saved->hold, std::chrono::seconds(30));
}

TEST_F(HealthStateMachineTest, ARestoredAlarmIsHeldForTheRestOfItsTime) {
  const HealthStateMachine::Saved saved{State::kFailing, std::chrono::seconds(12), std::chrono::seconds(2),
                                        std::chrono::seconds(30), 1};
  const Time now(std::chrono::seconds(1000));
  ASSERT_TRUE(health_.Restore(saved, std::chrono::seconds(3), now));
  EXPECT_EQ(health_.since(), now - std::chrono::seconds(15));
  EXPECT_EQ(health_.ClearsIn(now), std::chrono::seconds(25));
  EXPECT_EQ(At(1024), State::kFailing);
  EXPECT_EQ(At(1026), State::kProbation);
  EXPECT_DOUBLE_EQ(health_.NeededOdds(), 2 * rule::kReturnOdds);
}

TEST_F(HealthStateMachineTest, WhatWouldHaveClearedMeanwhileIsNotRestored) {
  HealthStateMachine::Saved saved{State::kFailing, std::chrono::seconds(12), std::chrono::seconds(2),
                                  std::chrono::seconds(30), 0};
  EXPECT_FALSE(health_.Restore(saved, std::chrono::seconds(28), Time(std::chrono::seconds(1000))));
  EXPECT_EQ(health_.state(), State::kUnknown);
  saved.hold = std::chrono::hours(1000);  // edited by hand: not longer than the longest
  EXPECT_FALSE(health_.Restore(saved, std::chrono::minutes(15), Time(std::chrono::seconds(1000))));
}

TEST_F(HealthStateMachineTest, ANodeThatFailedProbationOftenCanComeBack) {
  MakeHealthy();
  Fail(2);
  int t = 2;
  for (int relapse = 0; relapse < 40; ++relapse) {
    t += 2000;
    ASSERT_EQ(At(t), State::kProbation);
    in_.doubt = true;
    ASSERT_EQ(At(++t), State::kFailing);
    in_.doubt = false;
  }
  ASSERT_EQ(At(t + 2000), State::kProbation);
  in_.recovery = 10 * rule::kReturnOdds;  // no sum of successes is larger
  EXPECT_EQ(At(t + 2001), State::kHealthy);
}

TEST_F(HealthStateMachineTest, ProbationEndsInDegradedWhereSomethingHarms) {
  MakeHealthy();
  Fail(2);
  ASSERT_EQ(At(2002), State::kProbation);
  in_.recovery = 10;
  in_.harm = true;
  EXPECT_EQ(At(2003), State::kDegraded);
}

TEST_F(HealthStateMachineTest, AServerThatIsStoppedYetStaysFailingWithoutTraffic) {
  MakeHealthy();
  Fail(10);
  in_.traffic = false, in_.stands = true;
  for (int t = 11; t <= 200; ++t) ASSERT_EQ(At(t), State::kFailing) << t;
  in_.stands = false;
  EXPECT_EQ(At(229), State::kFailing);
  EXPECT_EQ(At(231), State::kProbation);
}

}  // namespace
}  // namespace candor
