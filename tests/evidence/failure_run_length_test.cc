// SPDX-License-Identifier: Apache-2.0
#include "evidence/failure_run_length.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

class FailureRunLengthTest : public testing::Test {
 protected:
  void Run(int failed, double at) {
    for (int i = 0; i < failed; ++i) run_.Failed(Time(FromSeconds(at)));
    run_.Succeeded(Time(FromSeconds(at)));
  }
  FailureRunLength run_;
};

TEST_F(FailureRunLengthTest, OnceIsNotTheBaseline) {
  Run(5, 1);
  EXPECT_EQ(run_.Longest(), 0u);
  Run(5, 100);
  EXPECT_EQ(run_.Longest(), 5u);
}

TEST_F(FailureRunLengthTest, TheLongestThatCameBackCounts) {
  Run(4, 1);
  Run(9, 2);
  Run(6, 3);
  EXPECT_EQ(run_.Longest(), 6u) << "nine was seen once, six or more twice";
}

TEST_F(FailureRunLengthTest, AFailureThatLastedTeachesNothing) {
  Run(500, 1);
  Run(500, 2);
  EXPECT_EQ(run_.Longest(), 0u);
}

TEST_F(FailureRunLengthTest, IsForgottenAfterSomeWeeks) {
  Run(5, 1);
  Run(5, 2);
  Run(0, 30 * 86400.0);
  EXPECT_EQ(run_.Longest(), 0u);
}

TEST_F(FailureRunLengthTest, ARunThatHasNotEndedDoesNotCount) {
  Run(5, 1);
  for (int i = 0; i < 5; ++i) run_.Failed(Time(FromSeconds(2)));
  EXPECT_EQ(run_.Longest(), 0u);
}

TEST_F(FailureRunLengthTest, OutlivesTheProcessAndAgesMeanwhile) {
  Run(5, 1);
  Run(5, 2);
  FailureRunLength after_a_day, after_a_month;
  after_a_day.Restore(run_.seen(), std::chrono::hours(24));
  after_a_month.Restore(run_.seen(), std::chrono::hours(24 * 30));
  EXPECT_EQ(after_a_day.Longest(), 5u);
  EXPECT_EQ(after_a_month.Longest(), 0u);
}

}  // namespace
}  // namespace candor
