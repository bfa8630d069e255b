// SPDX-License-Identifier: Apache-2.0
#include "evidence/failure_run_length.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

class FailureRunLengthTest : public testing::Test {
 protected:
  void Row(int failed, double at) {
    for (int i = 0; i < failed; ++i) row_.Failed(Time(FromSeconds(at)));
    row_.Succeeded(Time(FromSeconds(at)));
  }
  FailureRunLength row_;
};

TEST_F(FailureRunLengthTest, OnceIsNotUsual) {
  Row(5, 1);
  EXPECT_EQ(row_.Longest(), 0u);
  Row(5, 100);
  EXPECT_EQ(row_.Longest(), 5u);
}

TEST_F(FailureRunLengthTest, TheLongestThatCameBackCounts) {
  Row(4, 1);
  Row(9, 2);
  Row(6, 3);
  EXPECT_EQ(row_.Longest(), 6u) << "nine was seen once, six or more twice";
}

TEST_F(FailureRunLengthTest, AFailureThatLastedTeachesNothing) {
  Row(500, 1);
  Row(500, 2);
  EXPECT_EQ(row_.Longest(), 0u);
}

TEST_F(FailureRunLengthTest, IsForgottenAfterSomeWeeks) {
  Row(5, 1);
  Row(5, 2);
  Row(0, 30 * 86400.0);
  EXPECT_EQ(row_.Longest(), 0u);
}

TEST_F(FailureRunLengthTest, ARowThatHasNotEndedIsNotYetUsual) {
  Row(5, 1);
  for (int i = 0; i < 5; ++i) row_.Failed(Time(FromSeconds(2)));
  EXPECT_EQ(row_.Longest(), 0u);
}

TEST_F(FailureRunLengthTest, OutlivesTheProcessAndAgesMeanwhile) {
  Row(5, 1);
  Row(5, 2);
  FailureRunLength after_a_day, after_a_month;
  after_a_day.Restore(row_.seen(), std::chrono::hours(24));
  after_a_month.Restore(row_.seen(), std::chrono::hours(24 * 30));
  EXPECT_EQ(after_a_day.Longest(), 5u);
  EXPECT_EQ(after_a_month.Longest(), 0u);
}

}  // namespace
}  // namespace candor
