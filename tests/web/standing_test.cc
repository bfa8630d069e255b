// SPDX-License-Identifier: Apache-2.0
#include "web/standing.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/serve/snapshots.h"

namespace candor::web {
namespace {

Standing Harmed(double severity) {
  Snapshot s = SnapshotOf(State::kDegraded);
  s.verdict.severity = severity;
  s.verdict.z = 5;
  s.serving = true;
  return StandingOf(s);
}

TEST(Standing, TheWeightOfAHarmedNodeIsTheShareThatStillComesUp) {
  EXPECT_EQ(Harmed(0.5).weight, 500);
  EXPECT_EQ(Harmed(0.125).weight, 875);
}

TEST(Standing, AHarmedNodeIsNeverTakenForAHealthyOneNorForLessThanOneOnProbation) {
  EXPECT_EQ(Harmed(0).weight, kHarmedWeight);
  EXPECT_EQ(Harmed(1).weight, kProbationWeight);
  EXPECT_TRUE(Harmed(0).degraded);
}

TEST(Standing, ASeverityThatIsNoShareCountsAsTheWorst) {
  EXPECT_EQ(Harmed(std::numeric_limits<double>::quiet_NaN()).weight, kProbationWeight);
  EXPECT_EQ(Harmed(-1).weight, kProbationWeight);
  EXPECT_EQ(Harmed(2).weight, kProbationWeight);
}

TEST(Standing, AHarmWithoutAScoreSaysNothingOfTheShare) {
  Snapshot s = SnapshotOf(State::kDegraded);
  s.verdict.severity = 0.43;
  s.serving = true;
  EXPECT_EQ(StandingOf(s).weight, kHarmedWeight);
}

TEST(Standing, TheAgentNeverSaysZeroPercentToANodeThatServes) {
  Standing s;
  s.serving = true;
  s.weight = 1;
  EXPECT_EQ(AgentLine(s), "up ready 1%");
}

}  // namespace
}  // namespace candor::web
