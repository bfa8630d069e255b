// SPDX-License-Identifier: Apache-2.0
#include "verdict/joins_detector.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace candor {
namespace {

class JoinsDetectorTest : public testing::Test {
 protected:
  struct Live {
    double joins = 3;     // a second
    double attempts = 1;  // the share of joins that bring an attempt
    uint64_t polls = 0;   // sessions every five seconds
    bool kept_away = false;
    bool over_tcp = false;    // each join brings a session on port 7881, too
    uint64_t checks = 0;      // sessions a second on port 9000, which bring nothing
    bool joins_there = true;  // sessions on port 8188
  };
  // Attempts begin a second after their session.
  void Run(int seconds, const Live& live) {
    std::poisson_distribution<int> n(live.joins);
    std::bernoulli_distribution begins(live.attempts);
    for (int i = 0; i < seconds; ++i, t_ += 1) {
      for (; due_ > 0; --due_) d_.Offered();
      joined_ = n(random_);
      for (int joined = joined_; joined > 0; --joined)
        accepted_ += live.joins_there ? 1 : 0, due_ += begins(random_) ? 1 : 0;
      if (i % 5 == 0) accepted_ += live.polls;
      SessionCounts counts;
      counts.unavailable = "";
      counts.at = At(t_);
      if (live.over_tcp) other_ += static_cast<uint64_t>(joined_);
      counts.ports = {{cgroup_, 8188, accepted_}};
      if (other_ > 0) counts.ports.insert(counts.ports.begin(), {cgroup_, 7881, other_});
      checks_ += live.checks;
      if (checks_ > 0) counts.ports.push_back({cgroup_, 9000, checks_});
      d_.Observe(counts);
      d_.Advance(At(t_), live.kept_away);
      if (d_.fired() && fired_at_ < 0) fired_at_ = t_;
    }
  }
  static Time At(double t) { return Time(FromSeconds(t)); }

  std::mt19937 random_{11};
  JoinsDetector d_{0.01};
  uint64_t accepted_ = 100, other_ = 0, checks_ = 0, cgroup_ = 1;
  int due_ = 0, joined_ = 0;
  double t_ = 1, fired_at_ = -1;
};

TEST_F(JoinsDetectorTest, SessionsWithoutAttemptsShowWithinFifteenSecondsAtThreeASecond) {
  for (uint32_t seed = 1; seed <= 30; ++seed) {
    random_.seed(seed);
    d_ = JoinsDetector(0.01);
    fired_at_ = -1;
    Run(1800, {});
    ASSERT_LT(fired_at_, 0);
    const double onset = t_;
    Run(30, {.attempts = 0});
    ASSERT_GE(fired_at_, 0);
    EXPECT_LE(fired_at_ - onset, 15);
    EXPECT_GE(d_.Evidence(At(t_)).expected, 20);
    Run(40, {});
    EXPECT_FALSE(d_.fired()) << "it ends with the attempts that come";
  }
}

TEST_F(JoinsDetectorTest, ClientsThatChangeToAnotherPortAreNamed) {
  Run(1800, {});
  Run(30, {.attempts = 0, .over_tcp = true});
  EXPECT_TRUE(d_.fired());
  const JoinEvidence e = d_.Evidence(At(t_));
  EXPECT_EQ(e.port, 8188);
  EXPECT_EQ(e.other_port, 7881);
  EXPECT_GE(e.other_accepted, 60u);
  EXPECT_LT(e.other_usual, 1);
}

TEST_F(JoinsDetectorTest, AnotherPortWithItsUsualSessionsExplainsNothing) {
  Run(1800, {.over_tcp = true});
  Run(30, {.attempts = 0, .over_tcp = true});
  EXPECT_TRUE(d_.fired());
  EXPECT_EQ(d_.Evidence(At(t_)).other_port, 0);
}

TEST_F(JoinsDetectorTest, HealthChecksThatWereSoonBeforeExplainNothing) {
  for (const int seconds_before : {5, 60, 600}) {
    d_ = JoinsDetector(0.01);
    checks_ = 0;
    Run(1800, {});
    const auto saved = d_.Save();
    d_ = JoinsDetector(0.01);  // as after a restart: only port 8188 was saved
    d_.Restore(saved, std::chrono::seconds(30));
    Run(seconds_before, {.checks = 5});
    Run(30, {.attempts = 0, .checks = 5});
    EXPECT_TRUE(d_.fired());
    EXPECT_EQ(d_.Evidence(At(t_)).other_port, 0) << seconds_before;
  }
}

// Port 7881 comes first and accepts a session without an attempt, then nothing for a while; what the
// checks' port accepts from then on spans longer than the sum of port 8188.
TEST_F(JoinsDetectorTest, AnotherPortsSessionsAndItsUsualOnesAreOfTheSameTime) {
  Run(1800, {.over_tcp = true, .checks = 5});
  Run(2, {.joins = 0, .checks = 5});
  Run(5, {.attempts = 0, .over_tcp = true, .checks = 5, .joins_there = false});
  Run(15, {.joins = 0, .checks = 5});
  Run(8, {.attempts = 0, .checks = 5});
  const JoinEvidence e = d_.Evidence(At(t_));
  ASSERT_EQ(e.port, 8188);
  ASSERT_LT(e.window, std::chrono::seconds(12)) << "of port 8188";
  EXPECT_EQ(e.other_port, 0) << e.other_accepted << " of " << e.other_usual;
}

TEST_F(JoinsDetectorTest, SoonAfterARestartItKnowsWhatItKnewBefore) {
  for (uint32_t seed = 1; seed <= 30; ++seed) {
    random_.seed(seed);
    d_ = JoinsDetector(0.01);
    fired_at_ = -1;
    Run(1800, {});
    const auto saved = d_.Save();
    ASSERT_EQ(saved.size(), 1u);
    d_ = JoinsDetector(0.01);
    d_.Restore(saved, std::chrono::seconds(30));
    EXPECT_EQ(d_.Save().size(), 1u) << "it can be saved again before the port was read";
    const bool during = seed % 2 == 0;  // the restart was during the outage
    Run(during ? 2 : 40, {.attempts = during ? 0.0 : 1.0});
    ASSERT_LT(fired_at_, 0);
    const double onset = t_;
    Run(30, {.attempts = 0});
    ASSERT_GE(fired_at_, 0);
    EXPECT_LE(fired_at_ - onset, 15);
  }
}

TEST_F(JoinsDetectorTest, WhatWasSavedLongAgoIsDropped) {
  Run(1800, {});
  const auto saved = d_.Save();
  d_ = JoinsDetector(0.01);
  d_.Restore(saved, std::chrono::hours(48));
  Run(30, {});
  EXPECT_NE(d_.Evidence(At(t_)).unknown, "");
}

TEST_F(JoinsDetectorTest, AServerThatRestartsIntoANewCgroupIsTheSame) {
  Run(1800, {});
  for (int i = 0; i < 40; ++i) ++cgroup_, accepted_ = 0, Run(10, {});
  EXPECT_LT(fired_at_, 0);
  const double onset = t_;
  ++cgroup_, accepted_ = 0;
  Run(30, {.attempts = 0});
  ASSERT_GE(fired_at_, 0);
  EXPECT_LE(fired_at_ - onset, 16);
}

TEST_F(JoinsDetectorTest, ABurstOfWebhooksIsNoEvidence) {
  Run(1800, {});
  for (int i = 0; i < 500; ++i) {
    Run(20, {});
    accepted_ += 200;
  }
  EXPECT_LT(fired_at_, 0);
}

TEST_F(JoinsDetectorTest, SaysNothingWhereTheCallersStayAwayAndHealthChecksGoOn) {
  Run(3600, {.polls = 5});
  Run(7200, {.joins = 0, .polls = 5});
  EXPECT_LT(fired_at_, 0);
  Run(3600, {.polls = 5});
  EXPECT_LT(fired_at_, 0);
}

TEST_F(JoinsDetectorTest, SaysNothingInAHealthyDay) {
  Run(86400, {.joins = 1, .attempts = 0.9, .polls = 2});
  EXPECT_LT(fired_at_, 0);
}

TEST_F(JoinsDetectorTest, SaysNothingWhileClientsAreKeptAway) {
  Run(1800, {});
  Run(120, {.attempts = 0, .kept_away = true});
  EXPECT_LT(fired_at_, 0);
}

TEST_F(JoinsDetectorTest, SaysWhyItIsOff) {
  SessionCounts counts;
  counts.unavailable = "the kernel has no inet_sock_set_state";
  d_.Observe(counts);
  EXPECT_EQ(d_.Evidence(At(5)).unknown, "the kernel has no inet_sock_set_state");
  Run(100, {});
  EXPECT_NE(d_.Evidence(At(t_)).unknown, "");
  Run(1800, {});
  EXPECT_EQ(d_.Evidence(At(t_)).unknown, "");
  EXPECT_EQ(d_.Evidence(At(t_)).port, 8188);
}

TEST_F(JoinsDetectorTest, OnlyAFreshFactOfTheNodeLocalisesIt) {
  EXPECT_EQ(d_.Localised(At(1)), nullptr);
  d_.Observe(LocalFault{"ports_used_up", "All 200 media ports are in use.", At(10)});
  EXPECT_NE(d_.Localised(At(20)), nullptr);
  EXPECT_EQ(d_.Localised(At(100)), nullptr);
}

TEST_F(JoinsDetectorTest, WhatLastsAnHourIsWhatIsUsual) {
  Run(1800, {});
  Run(3 * 3600, {.attempts = 0});
  EXPECT_FALSE(d_.fired());
}

}  // namespace
}  // namespace candor
