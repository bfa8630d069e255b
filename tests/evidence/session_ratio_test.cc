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
  Live(600, 3, 1, 1);
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

}  // namespace
}  // namespace candor
