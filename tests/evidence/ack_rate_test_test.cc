// SPDX-License-Identifier: Apache-2.0
#include "evidence/ack_rate_test.h"

#include <gtest/gtest.h>

#include <random>

namespace candor {
namespace {

Time S(double s) { return Time(FromSeconds(s)); }

TEST(AckRateTest, IsCalmWhileTheNodeGoesOnAcknowledging) {
  AckRateTest test;
  double worst = 0;
  for (int i = 0; i < 1000; ++i) {
    test.Acknowledged(S(i / 3.0));
    if (i > 10) worst = std::max(worst, test.Sum());
  }
  EXPECT_LT(worst, 1);
  EXPECT_NEAR(test.BaselinePerSecond(), 3, 0.2);
}

TEST(AckRateTest, RisesWithinSecondsWhenAcknowledgementsStop) {
  AckRateTest test;
  for (int i = 0; i < 12; ++i) test.Acknowledged(S(i / 3.0));
  test.Advance(S(4 + 1.5));
  EXPECT_GT(test.Sum(), 3) << "a dozen attempts are enough to know the rate";
  for (int i = 0; i < 100; ++i) test.Advance(S(10 + i * 10));
  EXPECT_LE(test.Sum(), 14) << "bounded, so that recovery is quick";
}

TEST(AckRateTest, ForgetsTheFallWhenTheNodeAnswersAgain) {
  AckRateTest test;
  for (int i = 0; i < 30; ++i) test.Acknowledged(S(i / 3.0));
  test.Advance(S(60));
  for (int i = 0; i < 8; ++i) test.Acknowledged(S(60 + i / 3.0));
  EXPECT_LT(test.Sum(), 2);
}

TEST(AckRateTest, DoesNotLearnAFallAsTheBaseline) {
  AckRateTest test;
  for (int i = 0; i < 300; ++i) test.Acknowledged(S(i / 3.0));
  const double usual = test.BaselinePerSecond();
  test.Advance(S(4000));
  EXPECT_GT(test.BaselinePerSecond(), usual * 0.9);
}

TEST(AckRateTest, ReachesAnyThreshold) {
  for (const double alarm : {4.0, 13.1, 30.0}) {
    AckRateTest test;
    test.SetThreshold(alarm);
    for (int i = 0; i < 30; ++i) test.Acknowledged(S(i / 3.0));
    for (int i = 0; i < 60; ++i) test.Advance(S(10 + i));
    EXPECT_GT(test.Sum(), alarm);
    EXPECT_LT(test.Sum(), alarm + 3);
  }
}

// Random gaps raise suspicion now and then: learning the arrivals in them, but not their time, made the rate
// too high, which made more of them look like a fall.
TEST(AckRateTest, LearnsTheTrueRateOfArrivalsByChance) {
  for (const double rate : {0.1, 1.0, 10.0}) {
    std::mt19937 random(5);
    std::exponential_distribution<double> gap(rate);
    AckRateTest test;
    test.SetThreshold(13);
    double t = 1, worst = 0, mean = 0;
    for (int i = 0; i < 20000; ++i) {
      t += gap(random);
      test.Advance(S(t));
      worst = std::max(worst, test.Sum());
      test.Acknowledged(S(t));
      if (i >= 1000) mean += test.BaselinePerSecond() / 19000;
    }
    EXPECT_NEAR(mean / rate, 1, 0.15) << rate;
    EXPECT_LT(worst, 13) << rate;
  }
}

TEST(AckRateTest, ALastingFallWithAcknowledgementsBecomesTheBaseline) {
  AckRateTest test;
  test.SetThreshold(13);
  double t = 1;
  for (; t < 300; t += 0.1) test.Acknowledged(S(t));
  for (; t < 600; t += 5) test.Acknowledged(S(t));
  EXPECT_GT(test.Sum(), 12) << "two in ten seconds, where the baseline is a hundred";
  for (; t < 4 * 3600; t += 5) test.Acknowledged(S(t));
  EXPECT_LT(test.Sum(), 3);
  EXPECT_NEAR(test.BaselinePerSecond(), 0.2, 0.05);
}

TEST(AckRateTest, TheFirstFewAttemptsAreNoBaselineRate) {
  AckRateTest test;
  for (int i = 0; i < 4; ++i) test.Acknowledged(S(1 + i * 0.01));
  test.Advance(S(100));
  EXPECT_EQ(test.Sum(), 0);
}

}  // namespace
}  // namespace candor
