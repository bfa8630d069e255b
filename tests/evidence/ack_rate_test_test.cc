// SPDX-License-Identifier: Apache-2.0
#include "evidence/ack_rate_test.h"

#include <gtest/gtest.h>

#include <random>

namespace candor {
namespace {

Time S(double s) { return Time(FromSeconds(s)); }

TEST(AckRateTest, IsCalmWhileTheNodeGoesOnAcknowledging) {
  AckRateTest drop;
  double worst = 0;
  for (int i = 0; i < 1000; ++i) {
    drop.Acknowledged(S(i / 3.0));
    if (i > 10) worst = std::max(worst, drop.Sum());
  }
  EXPECT_LT(worst, 1);
  EXPECT_NEAR(drop.BaselinePerSecond(), 3, 0.2);
}

TEST(AckRateTest, RisesWithinSecondsWhenNobodyIsHonouredAnyMore) {
  AckRateTest drop;
  for (int i = 0; i < 12; ++i) drop.Acknowledged(S(i / 3.0));
  drop.Advance(S(4 + 1.5));
  EXPECT_GT(drop.Sum(), 3) << "a dozen attempts are enough to know the rate";
  for (int i = 0; i < 100; ++i) drop.Advance(S(10 + i * 10));
  EXPECT_LE(drop.Sum(), 14) << "bounded, so that recovery is quick";
}

TEST(AckRateTest, ForgetsTheFallWhenTheNodeAnswersAgain) {
  AckRateTest drop;
  for (int i = 0; i < 30; ++i) drop.Acknowledged(S(i / 3.0));
  drop.Advance(S(60));
  for (int i = 0; i < 8; ++i) drop.Acknowledged(S(60 + i / 3.0));
  EXPECT_LT(drop.Sum(), 2);
}

TEST(AckRateTest, DoesNotLearnTheFallAsUsual) {
  AckRateTest drop;
  for (int i = 0; i < 300; ++i) drop.Acknowledged(S(i / 3.0));
  const double usual = drop.BaselinePerSecond();
  drop.Advance(S(4000));
  EXPECT_GT(drop.BaselinePerSecond(), usual * 0.9);
}

TEST(AckRateTest, ReachesTheAlarmHoweverHighItStands) {
  for (const double alarm : {4.0, 13.1, 30.0}) {
    AckRateTest drop;
    drop.SetThreshold(alarm);
    for (int i = 0; i < 30; ++i) drop.Acknowledged(S(i / 3.0));
    for (int i = 0; i < 60; ++i) drop.Advance(S(10 + i));
    EXPECT_GT(drop.Sum(), alarm);
    EXPECT_LT(drop.Sum(), alarm + 3);
  }
}

// Gaps of chance are doubt now and then: learning what comes in them, but not their time, made the rate too
// high, which made more of them look like a fall.
TEST(AckRateTest, LearnsTheTrueRateOfArrivalsByChance) {
  for (const double rate : {0.1, 1.0, 10.0}) {
    std::mt19937 random(5);
    std::exponential_distribution<double> gap(rate);
    AckRateTest drop;
    drop.SetThreshold(13);
    double t = 1, worst = 0, mean = 0;
    for (int i = 0; i < 20000; ++i) {
      t += gap(random);
      drop.Advance(S(t));
      worst = std::max(worst, drop.Sum());
      drop.Acknowledged(S(t));
      if (i >= 1000) mean += drop.BaselinePerSecond() / 19000;
    }
    EXPECT_NEAR(mean / rate, 1, 0.15) << rate;
    EXPECT_LT(worst, 13) << rate;
  }
}

TEST(AckRateTest, AFallThatLastsWhileOthersAreAcknowledgedBecomesUsual) {
  AckRateTest drop;
  drop.SetThreshold(13);
  double t = 1;
  for (; t < 300; t += 0.1) drop.Acknowledged(S(t));
  for (; t < 600; t += 5) drop.Acknowledged(S(t));
  EXPECT_GT(drop.Sum(), 12) << "two in ten seconds, where a hundred were usual";
  for (; t < 4 * 3600; t += 5) drop.Acknowledged(S(t));
  EXPECT_LT(drop.Sum(), 3);
  EXPECT_NEAR(drop.BaselinePerSecond(), 0.2, 0.05);
}

TEST(AckRateTest, TheFirstFewAttemptsAreNoUsualRateToFallFrom) {
  AckRateTest drop;
  for (int i = 0; i < 4; ++i) drop.Acknowledged(S(1 + i * 0.01));
  drop.Advance(S(100));
  EXPECT_EQ(drop.Sum(), 0);
}

}  // namespace
}  // namespace candor
