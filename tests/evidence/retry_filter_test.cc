// SPDX-License-Identifier: Apache-2.0
#include "evidence/retry_filter.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::seconds;

Time S(int s) { return Time(seconds(s)); }

class RetryFilterTest : public testing::Test {
 protected:
  SourceSuccesses sources_{100};
  RetryFilter filter_{seconds(60), 100, &sources_};
  IpAddress a_ = IpAddress::V4(1), b_ = IpAddress::V4(2);
};

TEST_F(RetryFilterTest, ASecondAttemptDoesNotCountWhileTheFirstIsPending) {
  EXPECT_TRUE(filter_.Admit(a_, 1, S(1)));
  EXPECT_FALSE(filter_.Admit(a_, 2, S(2)));
  EXPECT_TRUE(filter_.Admit(b_, 3, S(2)));
  filter_.Succeeded(a_);
  EXPECT_TRUE(filter_.Admit(a_, 4, S(3)));
}

TEST_F(RetryFilterTest, AnAddressThatFailedIsExcludedForAMinute) {
  filter_.Admit(a_, 1, S(1));
  filter_.Failed(a_, S(10));
  EXPECT_FALSE(filter_.Admit(a_, 2, S(69)));
  filter_.Admit(b_, 3, S(69));
  EXPECT_TRUE(filter_.Admit(a_, 4, S(130)));
}

TEST_F(RetryFilterTest, AnAddressThatKeepsRetryingStaysExcluded) {
  filter_.Admit(a_, 1, S(0));
  filter_.Failed(a_, S(10));
  for (int t = 15; t < 600; t += 5) EXPECT_FALSE(filter_.Admit(a_, 2, S(t))) << t;
}

// A gateway's failed calls come from one address.
TEST_F(RetryFilterTest, AnAddressThatSucceededAndHasStoppedCountsAgain) {
  for (int t = 0; t < 100; t += 5) sources_.Succeeded(a_, S(t));
  filter_.Admit(a_, 1, S(100));
  filter_.Failed(a_, S(110));
  EXPECT_FALSE(filter_.Admit(a_, 2, S(115))) << "one success missed: chance";
  EXPECT_TRUE(filter_.Admit(a_, 3, S(145)));
  EXPECT_TRUE(filter_.Admit(a_, 4, S(146))) << "all its calls count, side by side too";
}

// A gateway whose calls mostly succeed, one in a while not.
TEST_F(RetryFilterTest, AnAddressThatNearlyAlwaysSucceedsCountsAgain) {
  filter_.Admit(a_, 1, S(0));
  filter_.Failed(a_, S(10));
  for (int t = 11; t < 79; ++t) {
    EXPECT_FALSE(filter_.Admit(a_, 2, S(t))) << t;
    filter_.ObserveSuccess(a_);
  }
  EXPECT_TRUE(filter_.Admit(a_, 3, S(79)));
}

TEST_F(RetryFilterTest, AnAddressOfWhichOneAttemptInThreeFailsStaysExcluded) {
  filter_.Admit(a_, 1, S(0));
  filter_.Failed(a_, S(10));
  for (int t = 11; t < 300; ++t) {
    EXPECT_FALSE(filter_.Admit(a_, 2, S(t))) << t;
    if (t % 3 != 0) filter_.ObserveSuccess(a_);
  }
}

// Many clients behind one address, of whom one is broken.
TEST_F(RetryFilterTest, AnAddressThatContinuesToSucceedStaysExcludedAfterAFailure) {
  for (int t = 0; t < 100; t += 5) sources_.Succeeded(a_, S(t));
  filter_.Admit(a_, 1, S(100));
  filter_.Failed(a_, S(110));
  for (int t = 112; t < 400; t += 5) {
    sources_.Succeeded(a_, S(t));
    EXPECT_FALSE(filter_.Admit(a_, 2, S(t + 1))) << t;
  }
}

TEST_F(RetryFilterTest, AWithdrawnAttemptExcludesNothing) {
  filter_.Admit(a_, 1, S(1));
  filter_.Withdrawn(a_);
  EXPECT_EQ(filter_.size(), 0u);
  EXPECT_TRUE(filter_.Admit(a_, 2, S(2)));
}

TEST_F(RetryFilterTest, ReturnsTheAdmittedAttemptFromTheSecondRetryOn) {
  filter_.Admit(a_, 7, S(1));
  EXPECT_EQ(filter_.CountRetry(a_), 0u);
  EXPECT_EQ(filter_.CountRetry(a_), 7u);
  EXPECT_EQ(filter_.CountRetry(b_), 0u);
}

TEST_F(RetryFilterTest, MemoryIsBoundedAndEvictionCounted) {
  for (uint32_t i = 0; i < 1000; ++i) filter_.Admit(IpAddress::V4(i), i + 1, S(1));
  EXPECT_LE(filter_.size(), 100u);
  EXPECT_EQ(filter_.evicted(), 900u);
}

TEST_F(RetryFilterTest, ARetractedFailureExcludesNothing) {
  filter_.Admit(a_, 1, S(1));
  filter_.Failed(a_, S(10));
  filter_.Retract(a_);
  filter_.Retract(b_);
  EXPECT_TRUE(filter_.Admit(a_, 2, S(11)));
  EXPECT_EQ(filter_.size(), 1u);
}

}  // namespace
}  // namespace candor
