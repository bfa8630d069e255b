// SPDX-License-Identifier: Apache-2.0
#include "verdict/threshold.h"

#include <gtest/gtest.h>

#include "verdict/likelihood.h"
#include "verdict/recovery.h"

namespace candor {
namespace {

TEST(Threshold, FollowsTheCalibratedFormula) {
  EXPECT_NEAR(Threshold(10, 1), 4.1 + 0.45 * std::log(10 * 2592000.0), 1e-9);
  EXPECT_NEAR(Threshold(10, 0.1) - Threshold(10, 1), 0.9 * std::log(10.0), 1e-9);
}

TEST(Threshold, NeverFallsSoLowThatAHandfulOfBadLuckIsAnAlarm) { EXPECT_GE(Threshold(1e-9, 1e9), 4.0); }

TEST(SeverityLadder, RunsGeometricallyFromKnobTwoToAlmostAll) {
  const Float4 q = SeverityLadder(0.10);
  EXPECT_FLOAT_EQ(q[0], 0.10f);
  EXPECT_FLOAT_EQ(q[3], 0.97f);
  EXPECT_NEAR(static_cast<double>(q[1] / q[0]), static_cast<double>(q[3] / q[2]), 1e-4);
}

TEST(Likelihood, IsTheFormulaOfTheRule) {
  const Float4 q = SeverityLadder(0.10);
  ByAge half{};
  half.fill(0.5);
  const Likelihood l = Likelihood::OfSuccessesComing(0.03, q, half);
  const double p3 = 1 - 0.97 * (1 - 0.97);
  EXPECT_NEAR(static_cast<double>(l.for_node[3]), std::log(1 - 0.97), 1e-5);
  EXPECT_NEAR(static_cast<double>(l.against_node[3]), std::log(p3 / 0.03), 1e-5);
  EXPECT_NEAR(static_cast<double>(l.pending[10][3]), std::log((1 - (1 - p3) * 0.5) / (1 - 0.97 * 0.5)), 1e-5);
}

TEST(Likelihood, APendingAttemptGrowsFromNothingToAFailure) {
  ByAge f{};
  for (size_t bin = 0; bin < kAgeBins; ++bin) f[bin] = std::min(1.0, Seconds(AgeBinStart(bin)) / 10);
  const Likelihood l = Likelihood::OfSuccessesComing(0.03, SeverityLadder(0.10), f);
  EXPECT_EQ(l.pending[0][3], 0);
  for (size_t bin = 1; bin < kAgeBins; ++bin) EXPECT_GE(l.pending[bin][3], l.pending[bin - 1][3]);
  EXPECT_NEAR(l.pending[kAgeBins - 1][3], l.against_node[3], 1e-5);
}

TEST(Recovery, SevenSuccessesOutweighATotalFailure) {
  Recovery r;
  r.Begin(Time(std::chrono::seconds(1)), 1.0, 0.03);
  int needed = 0;
  while (r.Sum() < Recovery::kOdds) r.Count(Time(std::chrono::seconds(2)), false), ++needed;
  EXPECT_EQ(needed, 7);
}

TEST(Recovery, AttemptsOfBeforeDoNotCount) {
  Recovery r;
  r.Begin(Time(std::chrono::seconds(10)), 1.0, 0.03);
  r.Count(Time(std::chrono::seconds(9)), true);
  EXPECT_EQ(r.Sum(), 0);
}

TEST(Recovery, ALongIllnessDoesNotNeedAsLongAHealth) {
  Recovery r;
  r.Begin(Time{}, 1.0, 0.03);
  for (int i = 0; i < 10000; ++i) r.Count(Time{}, true);
  for (int i = 0; i < 14; ++i) r.Count(Time{}, false);
  EXPECT_GE(r.Sum(), Recovery::kOdds);
}

}  // namespace
}  // namespace candor
