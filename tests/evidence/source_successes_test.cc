// SPDX-License-Identifier: Apache-2.0
#include "evidence/source_successes.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::seconds;

Time S(int s) { return Time(seconds(s)); }

const IpAddress kA = IpAddress::V4(1);

TEST(SourceSuccesses, AnAddressHasCeasedWhenFiveSuccessesWereMissed) {
  SourceSuccesses sources(10);
  for (int t = 0; t <= 100; t += 10) sources.Succeeded(kA, S(t));
  EXPECT_FALSE(sources.HasStopped(kA, S(105), S(145)));
  EXPECT_TRUE(sources.HasStopped(kA, S(105), S(165)));
}

TEST(SourceSuccesses, ASuccessSinceThenShowsThatItHasNotStopped) {
  SourceSuccesses sources(10);
  for (int t = 0; t <= 100; t += 10) sources.Succeeded(kA, S(t));
  EXPECT_FALSE(sources.HasStopped(kA, S(95), S(1000)));
}

TEST(SourceSuccesses, FourSuccessesAreNoRateAndAnUnknownAddressHasNone) {
  SourceSuccesses sources(10);
  for (int t = 0; t < 4; ++t) sources.Succeeded(kA, S(t));
  EXPECT_FALSE(sources.HasStopped(kA, S(10), S(1000)));
  EXPECT_FALSE(sources.HasStopped(IpAddress::V4(2), S(10), S(1000)));
}

TEST(SourceSuccesses, MemoryIsBoundedAndTheOldestIsEvicted) {
  SourceSuccesses sources(10);
  for (int t = 0; t < 100; ++t) sources.Succeeded(kA, S(t));
  for (uint32_t i = 2; i < 12; ++i) sources.Succeeded(IpAddress::V4(i), S(200));
  EXPECT_EQ(sources.size(), 10u);
  EXPECT_FALSE(sources.HasStopped(kA, S(210), S(1000)));
}

}  // namespace
}  // namespace candor
