// SPDX-License-Identifier: Apache-2.0
#include "evidence/baseline.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

constexpr Detector kC = Detector::kNeverActive;

Time S(double s) { return Time(FromSeconds(s)); }

// `rate` attempts a second from `from` to `to`, every `nth` of which fails.
void Live(Baseline* b, double from, double to, double rate, int nth, bool excluded = false) {
  int i = 0;
  for (double t = from; t < to; t += 1 / rate) {
    b->Learn(kC, ++i % nth == 0);
    b->LearnSetup(std::chrono::milliseconds(500));
    if (excluded) b->ExcludeAll();
    b->Advance(S(t));
  }
}

TEST(Baseline, AYoungNodeLearnsFromTheOlderHalfOfWhatItHasSeen) {
  Baseline b;
  b.Advance(S(1));
  const double before = b.FailureRate(kC, S(1));
  Live(&b, 1, 600, 5, 50);
  EXPECT_LT(b.FailureRate(kC, S(600)), before * 0.6);
}

TEST(Baseline, NeverLearnsFromTheLastThreeMinutes) {
  Baseline b;
  Live(&b, 1, 6000, 2, 50);
  const double before = b.FailureRate(kC, S(6000));
  Live(&b, 6000, 6190, 2, 3);  // 380 attempts at 33 %
  EXPECT_LE(b.FailureRate(kC, S(6190)), before * 1.05);
}

TEST(Baseline, LearnsNothingFromExcludedBlocks) {
  Baseline calm, excluded;
  Live(&calm, 1, 4000, 2, 50);
  Live(&excluded, 1, 4000, 2, 50);
  Live(&calm, 4000, 12000, 2, 8);
  Live(&excluded, 4000, 12000, 2, 8, true);
  EXPECT_GT(calm.FailureRate(kC, S(12000)), 0.06)
      << "a rate that lasts for hours without suspicion becomes the baseline";
  EXPECT_LT(excluded.FailureRate(kC, S(12000)), 0.06);
}

TEST(Baseline, IsNoOlderThanItIsWhenTakenUpBeforeTheFirstLookAtTheClock) {
  Baseline b, restored;
  Live(&b, 1, 6000, 2, 50);
  restored.Import(b.Export(), std::chrono::hours(1), Time{});
  restored.Advance(S(1e6));  // the clock runs since the machine started
  EXPECT_NEAR(restored.FailureRate(kC, S(1e6)) / b.FailureRate(kC, S(6000)), 1.15, 0.03)
      << "15 % for the hour";
}

TEST(Baseline, KnowsHowManySetupsItLearned) {
  Baseline b;
  Live(&b, 1, 600, 5, 50);
  EXPECT_GT(b.setups_learned(), 200);
  EXPECT_NEAR(Seconds(b.setup().Quantile(0.5)), 0.5, 0.06);
}

TEST(Baseline, WhatIsImportedIsAsOldAsItIs) {
  Baseline learned, fresh, old;
  Live(&learned, 1, 8000, 5, 30);
  fresh.Import(learned.Export(), Duration(0), S(10));
  old.Import(learned.Export(), std::chrono::hours(5), S(10));
  EXPECT_NEAR(fresh.FailureRate(kC, S(10)), learned.FailureRate(kC, S(8000)), 0.003);
  EXPECT_GT(old.FailureRate(kC, S(10)), fresh.FailureRate(kC, S(10)) * 1.4);
}

TEST(Baseline, AFailureIsTakenBackUnlessItHasBeenAbsorbed) {
  Baseline late, never;
  for (Baseline* b : {&late, &never}) Live(b, 1, 400, 2, 2);
  int taken = 0;
  while (late.RetractFailure(kC)) ++taken;
  EXPECT_GT(taken, 50);
  Live(&late, 400, 1200, 2, 1000000);
  Live(&never, 400, 1200, 2, 1000000);
  EXPECT_LT(late.FailureRate(kC, S(1200)), never.FailureRate(kC, S(1200)));
}

}  // namespace
}  // namespace candor
