// SPDX-License-Identifier: Apache-2.0
#include "evidence/vouch_drop.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

Time S(double s) { return Time(FromSeconds(s)); }

TEST(VouchDrop, IsCalmWhileTheNodeGoesOnAcknowledging) {
  VouchDrop drop;
  double worst = 0;
  for (int i = 0; i < 1000; ++i) {
    drop.Vouched(S(i / 3.0));
    if (i > 10) worst = std::max(worst, drop.Sum());
  }
  EXPECT_LT(worst, 1);
  EXPECT_NEAR(drop.UsualPerSecond(), 3, 0.2);
}

TEST(VouchDrop, RisesWithinSecondsWhenNobodyIsHonouredAnyMore) {
  VouchDrop drop;
  for (int i = 0; i < 12; ++i) drop.Vouched(S(i / 3.0));
  drop.Advance(S(4 + 1.5));
  EXPECT_GT(drop.Sum(), 3) << "a dozen attempts are enough to know the rate";
  for (int i = 0; i < 100; ++i) drop.Advance(S(10 + i * 10));
  EXPECT_LE(drop.Sum(), 12) << "bounded, so that recovery is quick";
}

TEST(VouchDrop, ForgetsTheFallWhenTheNodeAnswersAgain) {
  VouchDrop drop;
  for (int i = 0; i < 30; ++i) drop.Vouched(S(i / 3.0));
  drop.Advance(S(60));
  for (int i = 0; i < 8; ++i) drop.Vouched(S(60 + i / 3.0));
  EXPECT_LT(drop.Sum(), 2);
}

TEST(VouchDrop, DoesNotLearnTheFallAsUsual) {
  VouchDrop drop;
  for (int i = 0; i < 300; ++i) drop.Vouched(S(i / 3.0));
  const double usual = drop.UsualPerSecond();
  drop.Advance(S(4000));
  EXPECT_GT(drop.UsualPerSecond(), usual * 0.9);
}

}  // namespace
}  // namespace candor
