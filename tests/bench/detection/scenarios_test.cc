// SPDX-License-Identifier: Apache-2.0
//
// Every scenario over a few seeds; the benchmark runs more of them.
#include "scenarios.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "quiet.h"

namespace candor::bench {
namespace {

class ScenarioTest : public testing::TestWithParam<Scenario> {};

// Twelve seeds tell a broken rule from bad luck: the goals lie near the limit of what is possible, and a
// storm that one seed in a hundred takes for the node's fault may be among them. What share of many seeds
// misses or cries wolf is the benchmark's to say.
TEST_P(ScenarioTest, ReachesItsGoalInMostSeedsAndCriesWolfInOneAtMost) {
  constexpr uint64_t kSeeds = 12;
  int missed = 0, wolves = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Outcomes o = bench::Run(GetParam(), seed * 7919);
    if (o.false_alarms > GetParam().goal.most_false) ++wolves;
    if (!o.missed.empty()) ++missed;
  }
  EXPECT_LE(wolves, 1);
  EXPECT_LE(missed, 4);
}

INSTANTIATE_TEST_SUITE_P(All, ScenarioTest, testing::ValuesIn(Scenarios()),
                         [](const auto& tested) { return tested.param.name; });

// At ten attempts a second a surge is seventy, and its sixteen last arrivals are now and then as far apart as
// usual: a judge that took that for its end raised an alarm here in the third crowd.
TEST(Quiet, ACrowdOfSeventyASecondIsNotTheNodesFault) {
  const std::vector<QuietScenario> all = QuietScenarios(10, 0.6);
  const auto surges =
      std::find_if(all.begin(), all.end(), [](const auto& s) { return s.name == "flash crowds"; });
  ASSERT_NE(surges, all.end());
  const QuietResult r = RunQuiet(*surges, 70001);
  EXPECT_EQ(r.alarms, 0u) << r.first;
  EXPECT_GT(r.events, 500'000u);
}

TEST(TrafficSource, TheSameSeedMakesTheSameTraffic) {
  const Scenario s = Scenarios().front();
  TrafficSource a(s.traffic, 5), b(s.traffic, 5);
  AttemptEvent x, y;
  Time last{};
  for (int i = 0; i < 5000; ++i) {
    ASSERT_TRUE(a.Next(&x) && b.Next(&y));
    ASSERT_EQ(x.at, y.at);
    ASSERT_EQ(x.id, y.id);
    ASSERT_GE(x.at, last);
    last = x.at;
  }
}

}  // namespace
}  // namespace candor::bench
