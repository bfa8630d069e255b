// SPDX-License-Identifier: Apache-2.0
#include "verdict/likelihood.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(SeverityLadder, IsGeometricFromTheSmallestShareToAlmostAll) {
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
  EXPECT_NEAR(static_cast<double>(l.success[3]), std::log(1 - 0.97), 1e-5);
  EXPECT_NEAR(static_cast<double>(l.failure[3]), std::log(p3 / 0.03), 1e-5);
  EXPECT_NEAR(static_cast<double>(l.pending[10][3]), std::log((1 - (1 - p3) * 0.5) / (1 - 0.97 * 0.5)), 1e-5);
}

TEST(Likelihood, APendingAttemptGrowsFromNothingToAFailure) {
  ByAge f{};
  for (size_t bin = 0; bin < kAgeBins; ++bin) f[bin] = std::min(1.0, Seconds(AgeBinStart(bin)) / 10);
  const Likelihood l = Likelihood::OfSuccessesComing(0.03, SeverityLadder(0.10), f);
  EXPECT_EQ(l.pending[0][3], 0);
  for (size_t bin = 1; bin < kAgeBins; ++bin) EXPECT_GE(l.pending[bin][3], l.pending[bin - 1][3]);
  EXPECT_NEAR(l.pending[kAgeBins - 1][3], l.failure[3], 1e-5);
}

TEST(Likelihood, OfAnEarlyDropSurvivalIsEvidenceOfHealth) {
  ByAge f{};
  for (size_t bin = 0; bin < kAgeBins; ++bin) f[bin] = std::min(1.0, Seconds(AgeBinStart(bin)) / 10);
  const Likelihood l = Likelihood::OfFailuresComing(0.03, SeverityLadder(0.10), f);
  EXPECT_EQ(l.pending[0][3], 0);
  EXPECT_NEAR(l.pending[kAgeBins - 1][3], l.success[3], 1e-5);
}

TEST(Likelihood, ANeutralAttemptIsNoEvidenceAndAWeightScalesAFailure) {
  const Likelihood l = Likelihood::OfConcluded(0.03, SeverityLadder(0.10));
  EXPECT_TRUE(AreZero(l.Ratio({}, Duration(0))));
  EXPECT_EQ(l.Ratio({Contribution::Kind::kFailure, 0.25f}, Duration(0))[1], l.failure[1] * 0.25f);
}

TEST(LogMeanExp, LiesBetweenTheMeanAndTheLargest) {
  EXPECT_EQ(LogMeanExp(Float4{}), 0);
  EXPECT_NEAR(LogMeanExp(Splat(3)), 3, 1e-9);
  EXPECT_NEAR(LogMeanExp(Float4{20, 0, 0, 0}), 20 - std::log(4.0), 1e-6);
}

TEST(PosteriorSeverity, IsThatOfTheLikeliestHypothesis) {
  EXPECT_NEAR(PosteriorSeverity(SeverityLadder(0.10), Float4{0, 0, 0, 50}), 0.97, 1e-5);
}

}  // namespace
}  // namespace candor
