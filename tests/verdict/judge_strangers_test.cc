// SPDX-License-Identifier: Apache-2.0
//
// Strangers who knock at ports that drop them, beside clients who come at random and all come up, for hours:
// they never take the node down, and seldom raise a doubt. And clients who are dropped, for comparison.
#include <gtest/gtest.h>

#include <cmath>

#include "stranger_scene.h"

namespace candor {
namespace {

constexpr double kHour = 3600;

StrangerScene::Curve Steady(double per_second) {
  return [=](double) { return per_second; };
}

class Strangers : public testing::TestWithParam<double> {
 protected:
  // `clients` a second for two hours, after half an hour to learn.
  void Watch(StrangerScene& s, double clients) {
    s.clients = Steady(clients);
    s.Play(kHour / 2);
    s.Forget();
    s.Play(2 * kHour);
    EXPECT_EQ(s.seen().failing, 0) << clients << "/s: " << s.v().detail;
    EXPECT_LE(s.seen().degraded, 0.02 * s.seen().all) << clients << "/s, " << s.seen().warnings << " times";
  }
};

TEST_P(Strangers, WhoKnockAtRandomHarmNothing) {
  for (const double clients : {1.0, 2.0, 5.0}) {
    StrangerScene s(static_cast<uint64_t>(clients + 10 * GetParam()));
    s.strangers = Steady(GetParam());
    Watch(s, clients);
  }
}

TEST_P(Strangers, WhoComeInBurstsHarmNothing) {
  for (const double clients : {1.0, 2.0, 5.0}) {
    StrangerScene s(static_cast<uint64_t>(100 + clients + 10 * GetParam()));
    s.strangers = Steady(GetParam());
    s.burst = 20;
    Watch(s, clients);
  }
}

TEST_P(Strangers, WhoseRateStepsUpHarmNothing) {
  for (const double clients : {1.0, 3.0}) {
    StrangerScene s(static_cast<uint64_t>(200 + clients + 10 * GetParam()));
    s.strangers = [](double t) { return std::fmod(t, kHour) < kHour / 2 ? GetParam() / 5 : GetParam(); };
    Watch(s, clients);
  }
}

TEST_P(Strangers, WhoScanEveryHourHarmNothing) {
  for (const double clients : {1.0, 3.0}) {
    StrangerScene s(static_cast<uint64_t>(300 + clients + 10 * GetParam()));
    s.strangers = [](double t) { return std::fmod(t, kHour) < 60 ? 20 * GetParam() : 0; };
    Watch(s, clients);
  }
}

INSTANTIATE_TEST_SUITE_P(PerSecond, Strangers, testing::Values(0.2, 1.0, 3.0, 10.0));

// Seconds from the onset until the state is at least DEGRADED, and FAILING; kNever: not within two minutes.
constexpr double kNever = 1000;
struct Found {
  double degraded = kNever, failing = kNever;
};

Found Lose(double share, double per_second, double strangers, bool calls_heard = true) {
  StrangerScene s(7);
  const double onset = 900;
  s.clients = Steady(per_second);
  s.strangers = Steady(strangers);
  s.dropped = [=](double t) { return t >= onset ? share : 0; };
  s.Play(onset);
  EXPECT_EQ(s.v().state, State::kHealthy);
  s.calls_run = calls_heard;
  Found found;
  while (s.now() < onset + 120 && s.failing_at() < 0) {
    s.Play(0.25);
    const bool bad = s.v().state == State::kDegraded || s.v().state == State::kFailing;
    if (bad && found.degraded == kNever) found.degraded = s.now() - onset;
  }
  if (s.failing_at() >= 0) found.failing = s.failing_at() - onset;
  return found;
}

TEST(DroppedClients, AreFoundBesideStrangersToo) {
  for (const double strangers : {0.0, 1.0}) {
    EXPECT_LE(Lose(0.5, 4, strangers).degraded, 30) << strangers;
    EXPECT_LE(Lose(0.5, 4, strangers).failing, 60) << strangers;
    EXPECT_LE(Lose(1, 3, strangers).failing, 9) << strangers;
  }
}

TEST(DroppedClients, AreFoundWithin5SecondsWhereTheCallsThatRunFallSilentToo) {
  for (const double strangers : {0.0, 1.0}) {
    EXPECT_LE(Lose(1, 3, strangers, false).failing, 5) << strangers;
  }
}

}  // namespace
}  // namespace candor
