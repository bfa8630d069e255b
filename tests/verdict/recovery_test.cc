// SPDX-License-Identifier: Apache-2.0
#include "verdict/recovery.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(Recovery, SevenSuccessesOutweighATotalFailure) {
  Recovery r;
  r.Begin(Time(std::chrono::seconds(1)), 1.0, 0.03);
  int needed = 0;
  while (r.Sum() < rule::kReturnOdds) r.Count(Time(std::chrono::seconds(2)), false), ++needed;
  EXPECT_EQ(needed, 7);
}

TEST(Recovery, AttemptsFromBeforeDoNotCount) {
  Recovery r;
  r.Begin(Time(std::chrono::seconds(10)), 1.0, 0.03);
  r.Count(Time(std::chrono::seconds(9)), true);
  EXPECT_EQ(r.Sum(), 0);
}

TEST(Recovery, ALongFailureDoesNotNeedAsLongAHealth) {
  Recovery r;
  r.Begin(Time{}, 1.0, 0.03);
  for (int i = 0; i < 10000; ++i) r.Count(Time{}, true);
  for (int i = 0; i < 14; ++i) r.Count(Time{}, false);
  EXPECT_GE(r.Sum(), rule::kReturnOdds);
}

TEST(Recovery, CanReachMoreThanAnyReturnNeeds) {
  Recovery r;
  r.Begin(Time{}, 1.0, 0.03);
  for (int i = 0; i < 10000; ++i) r.Count(Time{}, false);
  EXPECT_GT(r.Sum(), rule::kMostReturnOdds * rule::kReturnOdds);
}

}  // namespace
}  // namespace candor
