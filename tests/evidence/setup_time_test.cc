// SPDX-License-Identifier: Apache-2.0
#include "evidence/setup_time.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(AgeBins, EveryAgeLiesInItsBin) {
  for (double s = 0.001; s < 40; s *= 1.07) {
    const Duration age = FromSeconds(s);
    const size_t bin = AgeBin(age);
    EXPECT_LE(AgeBinStart(bin), age);
    if (bin + 1 < kAgeBins) {
      EXPECT_LT(age, AgeBinStart(bin + 1));
    }
  }
  EXPECT_EQ(AgeBin(Duration(-5)), 0u);
  EXPECT_EQ(AgeBin(seconds(3600)), kAgeBins - 1);
}

TEST(SetupTime, BeginsWithItsPrior) {
  const SetupTime f({milliseconds(300), seconds(3), 30});
  EXPECT_NEAR(f.Cdf(milliseconds(300)), 0.5, 0.02);
  EXPECT_NEAR(f.Cdf(seconds(3)), 0.99, 0.005);
  EXPECT_NEAR(Seconds(f.Quantile(0.5)), 0.3, 0.02);
}

TEST(SetupTime, LearnsWhatTheNodeDoes) {
  SetupTime f({milliseconds(300), seconds(3), 30});
  AgeHistogram block{};
  block[AgeBin(milliseconds(1000))] = 3000;
  f.Absorb(block, 1);
  EXPECT_LT(f.Cdf(milliseconds(800)), 0.02);
  EXPECT_GT(f.Cdf(milliseconds(1200)), 0.98);
}

TEST(SetupTime, NeverFallsAndStaysWithinZeroAndOne) {
  SetupTime f({milliseconds(300), seconds(3), 30});
  AgeHistogram block{};
  for (size_t i = 0; i < kAgeBins; i += 7) block[i] = 5;
  f.Absorb(block, 0.5);
  double before = 0;
  for (double s = 0; s < 60; s += 0.01) {
    const double now = f.Cdf(FromSeconds(s));
    ASSERT_GE(now, before);
    ASSERT_LE(now, 1.0);
    before = now;
  }
}

TEST(SetupTime, DecaysByTheGivenFactor) {
  SetupTime f({milliseconds(300), seconds(3), 30});
  AgeHistogram fast{}, slow{};
  fast[AgeBin(milliseconds(100))] = 1000;
  slow[AgeBin(seconds(2))] = 1000;
  f.Absorb(fast, 1);
  f.Absorb(slow, 0.01);
  EXPECT_LT(f.Cdf(seconds(1)), 0.1);
}

}  // namespace
}  // namespace candor
