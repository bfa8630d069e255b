// SPDX-License-Identifier: Apache-2.0
#include "evidence/arrival_rate.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

// `per_second` attempts from `from` to `to`, in seconds.
void Live(ArrivalRate* rate, double from, double to, double per_second) {
  for (double t = from; t < to; t += 1 / per_second) {
    rate->Advance(Time(FromSeconds(t)));
    rate->Count(Time(FromSeconds(t)));
  }
}

TEST(ArrivalRate, StartsFromThePriorAndFollowsTheHour) {
  ArrivalRate rate;
  EXPECT_NEAR(rate.PerSecond(), 0.3, 0.01);
  Live(&rate, 1, 4 * 3600, 2);
  EXPECT_NEAR(rate.PerSecond(), 2, 0.1);
}

TEST(ArrivalRate, ASurgeIsRelativeToTheHour) {
  ArrivalRate rate;
  Live(&rate, 1, 300, 2);
  EXPECT_EQ(rate.Surge(Time(FromSeconds(300))), 1) << "too little time is known";
  Live(&rate, 300, 4 * 3600, 2);
  EXPECT_NEAR(rate.Surge(Time(FromSeconds(4 * 3600))), 1, 0.1);
  Live(&rate, 4 * 3600, 4 * 3600 + 2, 20);
  EXPECT_GT(rate.Surge(Time(FromSeconds(4 * 3600 + 2))), 8);
}

TEST(ArrivalRate, IsRestored) {
  ArrivalRate rate;
  rate.Restore(5);
  EXPECT_DOUBLE_EQ(rate.PerSecond(), 5);
}

}  // namespace
}  // namespace candor
