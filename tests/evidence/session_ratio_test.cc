// SPDX-License-Identifier: Apache-2.0
#include "evidence/session_ratio.h"

#include <gtest/gtest.h>

#include <random>

namespace candor {
namespace {

class SessionRatioTest : public testing::Test {
 protected:
  // Joins, each of `sessions` and `attempts`; beside them `polls` sessions a second at fixed times.
  void Live(int seconds, double joins, uint64_t sessions, uint64_t attempts, uint64_t polls = 0) {
    std::poisson_distribution<uint64_t> n(joins);
    for (int i = 0; i < seconds; ++i, t_ += 1) {
      const uint64_t joined = n(random_);
      r_.Accepted(joined * sessions + polls);
      r_.Began(joined * attempts);
      r_.Advance(Time(FromSeconds(t_)), true);
    }
  }

  std::mt19937 random_{5};
  SessionRatio r_;
  double t_ = 1;
};

TEST_F(SessionRatioTest, IsUnknownAtFirst) {
  Live(60, 3, 1, 1);
  EXPECT_FALSE(r_.known());
  Live(180, 3, 1, 1);
  EXPECT_TRUE(r_.known());
}

TEST_F(SessionRatioTest, IsLearned) {
  Live(1800, 3, 2, 1);
  ASSERT_TRUE(r_.known());
  EXPECT_NEAR(r_.PerAttempt(), 2, 0.3);
  EXPECT_NEAR(r_.Expected(20, 3.3), 10, 2);
}

TEST_F(SessionRatioTest, HealthChecksAreItsFloor) {
  Live(3600, 3, 1, 1, 2);
  ASSERT_TRUE(r_.known());
  EXPECT_NEAR(r_.FloorPerSecond(), 2, 0.3);
  EXPECT_LE(r_.Expected(120, 60), 3) << "health checks alone bring no attempt";
  EXPECT_NEAR(r_.Expected(300, 60), 180, 15);
}

TEST_F(SessionRatioTest, IsUnknowableWhereSessionsDoNotFollowTheAttempts) {
  std::poisson_distribution<uint64_t> n(3);
  for (int i = 0; i < 3600; ++i, t_ += 1) {
    r_.Accepted(n(random_));
    r_.Began(n(random_));
    r_.Advance(Time(FromSeconds(t_)), true);
  }
  EXPECT_FALSE(r_.known());
  SessionRatio one_connection;
  for (int i = 0; i < 3600; ++i) {
    one_connection.Began(n(random_));
    one_connection.Advance(Time(FromSeconds(i + 1)), true);
  }
  EXPECT_FALSE(one_connection.known());
}

// `joins` a second to the millisecond, each an attempt `lag` later; and `polls` a second at fixed times.
void LiveSteadily(SessionRatio* r, double joins, double lag, double polls) {
  const auto until = [](double t, double rate) { return static_cast<uint64_t>(std::max(0.0, t * rate)); };
  for (double t = 1; t <= 600; t += 1) {
    r->Accepted(until(t, joins) - until(t - 1, joins) + until(t, polls) - until(t - 1, polls));
    r->Began(until(t - lag, joins) - until(t - 1 - lag, joins));
    r->Advance(Time(FromSeconds(t)), true);
  }
}

TEST_F(SessionRatioTest, IsKnownAtAConstantRateWhereThereIsOneForEachAttempt) {
  LiveSteadily(&r_, 3, 1.3, 0);
  ASSERT_TRUE(r_.known());
  EXPECT_NEAR(r_.PerAttempt(), 1, 0.02);
  EXPECT_NEAR(r_.Expected(30, 10), 30, 1);
  SessionRatio checked;
  LiveSteadily(&checked, 3, 1.3, 0.1);
  ASSERT_TRUE(checked.known());
  EXPECT_NEAR(checked.FloorPerSecond(), 0.1, 0.03);
}

TEST_F(SessionRatioTest, IsUnknownAtAConstantRateWhereTheNumbersDoNotMatch) {
  SessionRatio polls_alone, many_polls;
  for (double t = 1; t <= 600; t += 1) {
    polls_alone.Accepted(static_cast<int>(t) % 2);
    polls_alone.Began(3);
    polls_alone.Advance(Time(FromSeconds(t)), true);
  }
  EXPECT_FALSE(polls_alone.known());
  LiveSteadily(&many_polls, 3, 1.3, 1);
  EXPECT_FALSE(many_polls.known());
}

TEST_F(SessionRatioTest, SessionsOfOthersAreNotTakenForItInTenDays) {
  std::poisson_distribution<uint64_t> n(3);
  int known = 0;
  for (int i = 0; i < 2880; ++i) {  // five minutes each
    SessionRatio r;
    for (int block = 0; block < 30; ++block, t_ += 10) {
      for (int s = 0; s < 10; ++s) r.Accepted(n(random_)), r.Began(n(random_));
      r.Advance(Time(FromSeconds(t_)), true);
      if (r.known()) ++known, block = 30;
    }
  }
  EXPECT_LE(known, 1);
}

TEST_F(SessionRatioTest, LongPollsThatRiseWithTheDayAreNotTakenForJoins) {
  for (int i = 0; i < 6 * 3600; ++i, t_ += 1) {
    const double share = 0.1 + i / (6.0 * 3600);
    std::poisson_distribution<uint64_t> joins(10 * share), polls(240 * share);
    const uint64_t joined = joins(random_);
    r_.Accepted(joined + polls(random_));
    r_.Began(joined);
    r_.Advance(Time(FromSeconds(t_)), true);
    ASSERT_FALSE(r_.known()) << i;
  }
}

TEST_F(SessionRatioTest, OutlivesTheProcess) {
  Live(1800, 3, 2, 1);
  SessionRatio again;
  ASSERT_TRUE(again.Restore(r_.Save()));
  EXPECT_TRUE(again.known());
  EXPECT_NEAR(again.PerAttempt(), r_.PerAttempt(), 0.2);
  EXPECT_FALSE(again.Restore({10, 1, 1, 1, 1, 5})) << "a covariance that no numbers have";
  EXPECT_TRUE(again.known()) << "and nothing has changed";
}

}  // namespace
}  // namespace candor
