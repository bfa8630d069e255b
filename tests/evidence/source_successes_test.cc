// SPDX-License-Identifier: Apache-2.0
#include "evidence/source_successes.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::seconds;

Time S(int s) { return Time(seconds(s)); }

const IpAddress kA = IpAddress::V4(1);

TEST(SourceSuccesses, AnAddressHasCeasedWhenFiveSuccessesWereMissed) {
  SourceSuccesses habit(10);
  for (int t = 0; t <= 100; t += 10) habit.Succeeded(kA, S(t));
  EXPECT_FALSE(habit.HasStopped(kA, S(105), S(145)));
  EXPECT_TRUE(habit.HasStopped(kA, S(105), S(165)));
}

TEST(SourceSuccesses, ASuccessSinceThenShowsThatItHasNotStopped) {
  SourceSuccesses habit(10);
  for (int t = 0; t <= 100; t += 10) habit.Succeeded(kA, S(t));
  EXPECT_FALSE(habit.HasStopped(kA, S(95), S(1000)));
}

TEST(SourceSuccesses, FourSuccessesAreNoRateAndAnUnknownAddressHasNone) {
  SourceSuccesses habit(10);
  for (int t = 0; t < 4; ++t) habit.Succeeded(kA, S(t));
  EXPECT_FALSE(habit.HasStopped(kA, S(10), S(1000)));
  EXPECT_FALSE(habit.HasStopped(IpAddress::V4(2), S(10), S(1000)));
}

TEST(SourceSuccesses, MemoryIsBoundedAndTheOldestIsEvicted) {
  SourceSuccesses habit(10);
  for (int t = 0; t < 100; ++t) habit.Succeeded(kA, S(t));
  for (uint32_t i = 2; i < 12; ++i) habit.Succeeded(IpAddress::V4(i), S(200));
  EXPECT_EQ(habit.size(), 10u);
  EXPECT_FALSE(habit.HasStopped(kA, S(210), S(1000)));
}

}  // namespace
}  // namespace candor
