// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(Time, NanosecondsGoThereAndBack) {
  for (const uint64_t ns : {uint64_t{0}, uint64_t{1}, uint64_t{1780000000123456789}}) {
    EXPECT_EQ(NanosOf(TimeFromNanos(ns)), ns);
  }
}

TEST(Time, SecondsAreRoundedToTheNearestNanosecond) {
  EXPECT_EQ(FromSeconds(1.5), std::chrono::milliseconds(1500));
  EXPECT_EQ(FromSeconds(0.1).count(), 100000000);
  EXPECT_EQ(FromSeconds(2.6e-9).count(), 3);
  EXPECT_EQ(FromSeconds(-2.6e-9).count(), -3);
  EXPECT_DOUBLE_EQ(Seconds(std::chrono::milliseconds(250)), 0.25);
  EXPECT_DOUBLE_EQ(SecondsOf(TimeFromNanos(2500000000)), 2.5);
}

TEST(Time, TheMonotonicClockNeverRunsBackwards) {
  Time last = MonotonicNow();
  EXPECT_GT(last, Time{});
  for (int i = 0; i < 1000; ++i) {
    const Time now = MonotonicNow();
    ASSERT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace candor
