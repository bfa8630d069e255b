// SPDX-License-Identifier: Apache-2.0
#include "evidence/retry_filter.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::seconds;

Time S(int s) { return Time(seconds(s)); }

class RetryFilterTest : public testing::Test {
 protected:
  SourceSuccesses habit_{100};
  RetryFilter counted_{seconds(60), 100, &habit_};
  IpAddress a_ = IpAddress::V4(1), b_ = IpAddress::V4(2);
};

TEST_F(RetryFilterTest, ASecondAttemptDoesNotCountWhileTheFirstIsPending) {
  EXPECT_TRUE(counted_.Admit(a_, 1, S(1)));
  EXPECT_FALSE(counted_.Admit(a_, 2, S(2)));
  EXPECT_TRUE(counted_.Admit(b_, 3, S(2)));
  counted_.Succeeded(a_);
  EXPECT_TRUE(counted_.Admit(a_, 4, S(3)));
}

TEST_F(RetryFilterTest, AnAddressThatFailedIsNoNewWitnessForAMinute) {
  counted_.Admit(a_, 1, S(1));
  counted_.Failed(a_, S(10));
  EXPECT_FALSE(counted_.Admit(a_, 2, S(69)));
  counted_.Admit(b_, 3, S(69));
  EXPECT_TRUE(counted_.Admit(a_, 4, S(130)));
}

TEST_F(RetryFilterTest, WhoeverKeepsTryingStaysSilenced) {
  counted_.Admit(a_, 1, S(0));
  counted_.Failed(a_, S(10));
  for (int t = 15; t < 600; t += 5) EXPECT_FALSE(counted_.Admit(a_, 2, S(t))) << t;
}

// A gateway's failed calls come from one address.
TEST_F(RetryFilterTest, AnAddressThatUsedToSucceedAndHasCeasedToCountsAgain) {
  for (int t = 0; t < 100; t += 5) habit_.Succeeded(a_, S(t));
  counted_.Admit(a_, 1, S(100));
  counted_.Failed(a_, S(110));
  EXPECT_FALSE(counted_.Admit(a_, 2, S(115))) << "one success missed: chance";
  EXPECT_TRUE(counted_.Admit(a_, 3, S(145)));
  EXPECT_TRUE(counted_.Admit(a_, 4, S(146))) << "all its calls count, side by side too";
}

// A gateway whose calls mostly succeed, one in a while not.
TEST_F(RetryFilterTest, AnAddressNearlyAllOfWhoseTriesSucceedCountsAgain) {
  counted_.Admit(a_, 1, S(0));
  counted_.Failed(a_, S(10));
  for (int t = 11; t < 79; ++t) {
    EXPECT_FALSE(counted_.Admit(a_, 2, S(t))) << t;
    counted_.ObserveSuccess(a_);
  }
  EXPECT_TRUE(counted_.Admit(a_, 3, S(79)));
}

TEST_F(RetryFilterTest, AnAddressOfWhichOneTryInThreeFailsStaysSilenced) {
  counted_.Admit(a_, 1, S(0));
  counted_.Failed(a_, S(10));
  for (int t = 11; t < 300; ++t) {
    EXPECT_FALSE(counted_.Admit(a_, 2, S(t))) << t;
    if (t % 3 != 0) counted_.ObserveSuccess(a_);
  }
}

// Many clients behind one address, of whom one is broken.
TEST_F(RetryFilterTest, AnAddressThatGoesOnSucceedingStaysSilencedAfterAFailure) {
  for (int t = 0; t < 100; t += 5) habit_.Succeeded(a_, S(t));
  counted_.Admit(a_, 1, S(100));
  counted_.Failed(a_, S(110));
  for (int t = 112; t < 400; t += 5) {
    habit_.Succeeded(a_, S(t));
    EXPECT_FALSE(counted_.Admit(a_, 2, S(t + 1))) << t;
  }
}

TEST_F(RetryFilterTest, AWithdrawnAttemptLeavesNoTrace) {
  counted_.Admit(a_, 1, S(1));
  counted_.Withdrawn(a_);
  EXPECT_EQ(counted_.size(), 0u);
  EXPECT_TRUE(counted_.Admit(a_, 2, S(2)));
}

TEST_F(RetryFilterTest, NamesTheWitnessOfAnAddressThatCameBackTwice) {
  counted_.Admit(a_, 7, S(1));
  EXPECT_EQ(counted_.CountRetry(a_), 0u);
  EXPECT_EQ(counted_.CountRetry(a_), 7u);
  EXPECT_EQ(counted_.CountRetry(b_), 0u);
}

TEST_F(RetryFilterTest, MemoryIsBoundedAndEvictionCounted) {
  for (uint32_t i = 0; i < 1000; ++i) counted_.Admit(IpAddress::V4(i), i + 1, S(1));
  EXPECT_LE(counted_.size(), 100u);
  EXPECT_EQ(counted_.evicted(), 900u);
}

TEST_F(RetryFilterTest, AFailureThatIsTakenBackSilencesNobody) {
  counted_.Admit(a_, 1, S(1));
  counted_.Failed(a_, S(10));
  counted_.Retract(a_);
  counted_.Retract(b_);
  EXPECT_TRUE(counted_.Admit(a_, 2, S(11)));
  EXPECT_EQ(counted_.size(), 1u);
}

}  // namespace
}  // namespace candor
