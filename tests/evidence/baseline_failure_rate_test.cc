// SPDX-License-Identifier: Apache-2.0
#include "evidence/baseline_failure_rate.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

constexpr BaselineFailureRateOptions kOptions{0.01, 0.15, 0.05, 20, 500};

TEST(BaselineFailureRate, IsWideBeforeTheFirstUpdate) {
  const BaselineFailureRate share(kOptions);
  EXPECT_NEAR(share.Bound(Duration(0)), 0.099, 0.001) << "twice the prior";
}

TEST(BaselineFailureRate, NarrowsToTheMeanAndAStandardError) {
  BaselineFailureRate share(kOptions);
  share.Absorb(10000, 300, 1, 1);
  EXPECT_GT(share.Bound(Duration(0)), 0.030);
  EXPECT_LT(share.Bound(Duration(0)), 0.033);
}

TEST(BaselineFailureRate, NeverLeavesItsBounds) {
  BaselineFailureRate clean(kOptions), sick(kOptions);
  clean.Absorb(100000, 0, 1, 1);
  sick.Absorb(100000, 90000, 1, 1);
  EXPECT_DOUBLE_EQ(clean.Bound(Duration(0)), 0.01);
  EXPECT_DOUBLE_EQ(sick.Bound(Duration(0)), 0.15);
}

TEST(BaselineFailureRate, WidensByFifteenPercentAnHour) {
  BaselineFailureRate share(kOptions);
  share.Absorb(10000, 300, 1, 1);
  const double now = share.Bound(Duration(0));
  EXPECT_NEAR(share.Bound(std::chrono::hours(2)), now * 1.3, 1e-9);
}

TEST(BaselineFailureRate, ASlowIncreaseIsLimitedByTheWeek) {
  BaselineFailureRate share(kOptions);
  share.Absorb(50000, 1000, 1, 1);    // a week at 2 %
  share.Absorb(2000, 300, 0.001, 1);  // an hour at 15 %
  EXPECT_NEAR(share.Bound(Duration(0)), 2.2 * 0.025, 0.005);
}

TEST(BaselineFailureRate, IsAtLeastHalfOfTheWeek) {
  BaselineFailureRate share(kOptions);
  share.Absorb(50000, 2000, 1, 1);   // a week at 4 %
  share.Absorb(5000, 40, 0.001, 1);  // a night at 0.8 %
  EXPECT_NEAR(share.Bound(Duration(0)), 0.5 * 0.037, 0.001);
}

}  // namespace
}  // namespace candor
