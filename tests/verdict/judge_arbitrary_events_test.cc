// SPDX-License-Identifier: Apache-2.0
//
// What holds for whatever is thrown at the judge.
#include <algorithm>
#include <cmath>
#include <random>

#include "judge_harness.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

void ExpectSane(const Verdict& v) {
  ASSERT_TRUE(std::isfinite(v.score) && std::isfinite(v.threshold) && std::isfinite(v.severity));
  ASSERT_GE(v.severity, 0);
  ASSERT_LE(v.severity, 1);
  ASSERT_LE(v.failed, v.counted);
  ASSERT_GE(v.window, Duration(0));
  ASSERT_FALSE(v.reason.empty());
  ASSERT_FALSE(v.detail.empty());
  ASSERT_EQ(FiredBesideHealthy(v), nullptr);
  for (const DetectorStatus& c : v.detectors)
    ASSERT_TRUE(std::isfinite(c.score) && c.score >= 0 && c.baseline_failure_rate > 0 &&
                c.baseline_failure_rate < 1);
}

AttemptEvent Random(std::mt19937_64* rng, double t) {
  AttemptEvent e;
  e.at = JudgeHarness::At(t);
  e.kind = static_cast<Kind>((*rng)() % 8);
  e.id = 1 + (*rng)() % 3000;
  e.peer = IpAddress::V4(0x50000000u + static_cast<uint32_t>((*rng)() % 4096) * 65537u);
  e.waiting_on = static_cast<WaitingOn>((*rng)() % 4);
  e.phase = static_cast<Phase>((*rng)() % 6);
  e.outcome = static_cast<Outcome>((*rng)() % 8);
  e.received = static_cast<Received>((*rng)() % 3);
  if ((*rng)() % 2 == 0) e.peer_alive = (*rng)() % 2 == 0;
  return e;
}

TEST(JudgeProperties, SurvivesNonsenseWithoutNaNAndWithinItsMemory) {
  JudgeOptions options;
  options.max_attempts = 500;
  Judge judge(options);
  std::mt19937_64 rng(7);
  double t = 1;
  for (int i = 0; i < 60000; ++i) {
    t += static_cast<double>(rng() % 100) / 5000;
    judge.Observe(Random(&rng, t));
    if (i % 7 == 0) judge.Tick(JudgeHarness::At(t)), ExpectSane(judge.verdict());
    if (i % 1000 == 0)
      judge.ObserveNode({JudgeHarness::At(t), JudgeHarness::At(t - static_cast<double>(rng() % 5))});
  }
}

TEST(JudgeProperties, OpenAttemptsAreBoundedAndEvictionIsCounted) {
  JudgeOptions options;
  options.max_attempts = 100;
  Judge judge(options);
  AttemptEvent e;
  for (uint64_t id = 1; id <= 1000; ++id) {
    e.id = id;
    e.at = JudgeHarness::At(1);
    e.peer = IpAddress::V4(static_cast<uint32_t>(id) << 12);
    judge.Observe(e);
  }
  EXPECT_EQ(judge.evicted(), 900u);
}

TEST(JudgeProperties, TheOrderOfAttemptsWithinATickDoesNotMatter) {
  std::mt19937_64 rng(11);
  JudgeOptions options;
  Judge forward(options), shuffled(options);
  uint64_t id = 0;
  for (int tick = 1; tick < 2000; ++tick) {
    const Time at = JudgeHarness::At(tick * 0.25);
    std::vector<AttemptEvent> born, acts;
    for (int i = 0; i < 4; ++i) {
      AttemptEvent e;
      e.id = ++id;
      e.at = at;
      e.peer = IpAddress::V4(0x50000000u + static_cast<uint32_t>(id) * 65539u);
      born.push_back(e);
      e.kind = tick > 1500 || rng() % 20 == 0 ? Kind::kAcknowledged : Kind::kActive;
      acts.push_back(e);
    }
    for (const auto* events : {&born, &acts}) {
      std::vector<AttemptEvent> mixed = *events;
      std::shuffle(mixed.begin(), mixed.end(), rng);
      for (const AttemptEvent& e : *events) forward.Observe(e);
      for (const AttemptEvent& e : mixed) shuffled.Observe(e);
    }
    forward.Tick(at), shuffled.Tick(at);
    const Verdict &a = forward.verdict(), &b = shuffled.verdict();
    ASSERT_EQ(a.state, b.state) << tick;
    ASSERT_EQ(a.reason, b.reason) << tick;
    ASSERT_NEAR(a.score, b.score, 1e-3) << tick;
  }
  EXPECT_EQ(forward.verdict().state, State::kFailing);
}

TEST(JudgeProperties, TimeNeverRunsBackwards) {
  JudgeHarness j;
  j.Good(50, 0.25);
  const Time before = j.v().at;
  j.judge().Tick(JudgeHarness::At(1));
  EXPECT_GE(j.v().at, before);
}

TEST(JudgeProperties, MoreFalseAlarmsAllowedNeverMakesItSlower) {
  double slowest = 0;
  for (const double allowed : {100.0, 1.0, 0.01}) {
    JudgeOptions options;
    options.false_alarms_per_month = allowed;
    JudgeHarness j(options);
    j.Good(400, 0.25);
    j.Stuck(60, 0.25);
    ASSERT_GE(j.failed_at, 0);
    EXPECT_GE(j.failed_at, slowest);
    slowest = j.failed_at;
  }
}

}  // namespace
}  // namespace candor
