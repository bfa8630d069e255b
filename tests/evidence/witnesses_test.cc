// SPDX-License-Identifier: Apache-2.0
#include "evidence/witnesses.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::seconds;

Time S(int s) { return Time(seconds(s)); }

class WitnessesTest : public testing::Test {
 protected:
  SourceHabit habit_{100};
  Witnesses witnesses_{seconds(60), 100, &habit_};
  IpAddress a_ = IpAddress::V4(1), b_ = IpAddress::V4(2);
};

TEST_F(WitnessesTest, ASecondAttemptDoesNotCountWhileTheFirstIsPending) {
  EXPECT_TRUE(witnesses_.Admit(a_, 1, S(1)));
  EXPECT_FALSE(witnesses_.Admit(a_, 2, S(2)));
  EXPECT_TRUE(witnesses_.Admit(b_, 3, S(2)));
  witnesses_.Succeeded(a_);
  EXPECT_TRUE(witnesses_.Admit(a_, 4, S(3)));
}

TEST_F(WitnessesTest, AnAddressThatFailedIsNoNewWitnessForAMinute) {
  witnesses_.Admit(a_, 1, S(1));
  witnesses_.Failed(a_, S(10));
  EXPECT_FALSE(witnesses_.Admit(a_, 2, S(69)));
  witnesses_.Admit(b_, 3, S(69));
  EXPECT_TRUE(witnesses_.Admit(a_, 4, S(130)));
}

TEST_F(WitnessesTest, WhoeverKeepsTryingStaysSilenced) {
  witnesses_.Admit(a_, 1, S(0));
  witnesses_.Failed(a_, S(10));
  for (int t = 15; t < 600; t += 5) EXPECT_FALSE(witnesses_.Admit(a_, 2, S(t))) << t;
}

// A gateway's failed calls come from one address.
TEST_F(WitnessesTest, AnAddressThatUsedToSucceedAndHasCeasedToCountsAgain) {
  for (int t = 0; t < 100; t += 5) habit_.Succeeded(a_, S(t));
  witnesses_.Admit(a_, 1, S(100));
  witnesses_.Failed(a_, S(110));
  EXPECT_FALSE(witnesses_.Admit(a_, 2, S(115))) << "one success missed: chance";
  EXPECT_TRUE(witnesses_.Admit(a_, 3, S(145)));
  EXPECT_TRUE(witnesses_.Admit(a_, 4, S(146))) << "all its calls count, side by side too";
}

// A gateway whose calls mostly succeed, one in a while not.
TEST_F(WitnessesTest, AnAddressNearlyAllOfWhoseTriesSucceedCountsAgain) {
  witnesses_.Admit(a_, 1, S(0));
  witnesses_.Failed(a_, S(10));
  for (int t = 11; t < 79; ++t) {
    EXPECT_FALSE(witnesses_.Admit(a_, 2, S(t))) << t;
    witnesses_.SawSuccess(a_);
  }
  EXPECT_TRUE(witnesses_.Admit(a_, 3, S(79)));
}

TEST_F(WitnessesTest, AnAddressOfWhichOneTryInThreeFailsStaysSilenced) {
  witnesses_.Admit(a_, 1, S(0));
  witnesses_.Failed(a_, S(10));
  for (int t = 11; t < 300; ++t) {
    EXPECT_FALSE(witnesses_.Admit(a_, 2, S(t))) << t;
    if (t % 3 != 0) witnesses_.SawSuccess(a_);
  }
}

// Many clients behind one address, of whom one is broken.
TEST_F(WitnessesTest, AnAddressThatGoesOnSucceedingStaysSilencedAfterAFailure) {
  for (int t = 0; t < 100; t += 5) habit_.Succeeded(a_, S(t));
  witnesses_.Admit(a_, 1, S(100));
  witnesses_.Failed(a_, S(110));
  for (int t = 112; t < 400; t += 5) {
    habit_.Succeeded(a_, S(t));
    EXPECT_FALSE(witnesses_.Admit(a_, 2, S(t + 1))) << t;
  }
}

TEST_F(WitnessesTest, AWithdrawnAttemptLeavesNoTrace) {
  witnesses_.Admit(a_, 1, S(1));
  witnesses_.Withdrawn(a_);
  EXPECT_EQ(witnesses_.size(), 0u);
  EXPECT_TRUE(witnesses_.Admit(a_, 2, S(2)));
}

TEST_F(WitnessesTest, NamesTheWitnessOfAnAddressThatCameBackTwice) {
  witnesses_.Admit(a_, 7, S(1));
  EXPECT_EQ(witnesses_.Retried(a_), 0u);
  EXPECT_EQ(witnesses_.Retried(a_), 7u);
  EXPECT_EQ(witnesses_.Retried(b_), 0u);
}

TEST_F(WitnessesTest, MemoryIsBoundedAndEvictionCounted) {
  for (uint32_t i = 0; i < 1000; ++i) witnesses_.Admit(IpAddress::V4(i), i + 1, S(1));
  EXPECT_LE(witnesses_.size(), 100u);
  EXPECT_EQ(witnesses_.evicted(), 900u);
}

TEST_F(WitnessesTest, AFailureThatIsTakenBackSilencesNobody) {
  witnesses_.Admit(a_, 1, S(1));
  witnesses_.Failed(a_, S(10));
  witnesses_.TakeBack(a_);
  witnesses_.TakeBack(b_);
  EXPECT_TRUE(witnesses_.Admit(a_, 2, S(11)));
  EXPECT_EQ(witnesses_.size(), 1u);
}

}  // namespace
}  // namespace candor
