// SPDX-License-Identifier: Apache-2.0
#include "web/routing_advice.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/status/snapshots.h"

namespace candor::web {
namespace {

RoutingAdvice Degraded(double severity) {
  Snapshot s = SnapshotOf(State::kDegraded);
  s.verdict.severity = severity;
  s.verdict.score = 5;
  s.serving = true;
  return RoutingAdviceOf(s);
}

TEST(RoutingAdvice, TheWeightOfADegradedNodeIsTheShareThatStillSucceeds) {
  EXPECT_EQ(Degraded(0.5).weight, 500);
  EXPECT_EQ(Degraded(0.125).weight, 875);
}

TEST(RoutingAdvice, TheWeightOfADegradedNodeLiesBetweenProbationAndHealthy) {
  EXPECT_EQ(Degraded(0).weight, kMaxDegradedWeight);
  EXPECT_EQ(Degraded(1).weight, kProbationWeight);
  EXPECT_TRUE(Degraded(0).degraded);
}

TEST(RoutingAdvice, AnInvalidSeverityCountsAsOne) {
  EXPECT_EQ(Degraded(std::numeric_limits<double>::quiet_NaN()).weight, kProbationWeight);
  EXPECT_EQ(Degraded(-1).weight, kProbationWeight);
  EXPECT_EQ(Degraded(2).weight, kProbationWeight);
}

TEST(RoutingAdvice, WithoutAScoreTheSeverityIsIgnored) {
  Snapshot s = SnapshotOf(State::kDegraded);
  s.verdict.severity = 0.43;
  s.serving = true;
  EXPECT_EQ(RoutingAdviceOf(s).weight, kMaxDegradedWeight);
}

TEST(RoutingAdvice, TheAgentGivesAServingNodeAtLeastOnePercent) {
  RoutingAdvice s;
  s.serving = true;
  s.weight = 1;
  EXPECT_EQ(AgentLine(s), "up ready 1%");
}

}  // namespace
}  // namespace candor::web
