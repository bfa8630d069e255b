// SPDX-License-Identifier: Apache-2.0
#include "verdict/reported_joins_detector.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace candor {
namespace {

class ReportedJoinsDetectorTest : public testing::Test {
 protected:
  struct Live {
    double joins = 3;    // a second
    double up = 0.97;    // the share whose media comes up
    double seen = 1;     // the share whose attempts reach the sockets
    double after = 0.5;  // seconds until it comes up
    double resumed = 0;  // a second
    double in_vain = 0;  // a second, of a client that joins again and again
    bool kept_away = false;
  };
  // Two attempts for each join. Read once a second.
  void Run(int seconds, const Live& live) {
    std::poisson_distribution<int> joins(live.joins), resumed(live.resumed), in_vain(live.in_vain);
    std::bernoulli_distribution up(live.up), seen(live.seen);
    for (int i = 0; i < seconds; ++i) {
      t_ += 1;
      for (int n = live.joins > 0 ? joins(random_) : 0; n > 0; --n) {
        ++read_.begun;
        if (seen(random_)) d_.Offered(), d_.Offered();
        if (up(random_)) due_.push_back(t_ + live.after);
      }
      if (live.resumed > 0) {
        const int n = resumed(random_);
        read_.begun += static_cast<uint64_t>(n), read_.resumed += static_cast<uint64_t>(n);
      }
      if (live.in_vain > 0) read_.begun += static_cast<uint64_t>(in_vain(random_));
      for (; !due_.empty() && due_.front() <= t_; due_.pop_front()) ++read_.up;
      read_.at = At(t_);
      d_.Observe(read_);
      for (int tick = 0; tick < 4; ++tick) d_.Advance(At(t_ + tick / 4.0), live.kept_away);
      if (d_.fired() && fired_at_ < 0) fired_at_ = t_;
      if (d_.confirmed() && confirmed_at_ < 0) confirmed_at_ = t_;
    }
  }
  void Begin(uint32_t seed) {
    random_.seed(seed);
    d_ = ReportedJoinsDetector(0.01);
    read_ = {.unavailable = "", .at = {}, .run = "ND_a"};
    due_.clear();
    t_ = 1, fired_at_ = confirmed_at_ = -1;
  }
  void SetUp() override { Begin(11); }
  static Time At(double t) { return Time(FromSeconds(t)); }
  ReportedJoinEvidence Evidence() const { return d_.Evidence(At(t_)); }

  std::mt19937 random_{11};
  ReportedJoinsDetector d_{0.01};
  ReportedJoins read_;
  std::deque<double> due_;
  double t_ = 1, fired_at_ = -1, confirmed_at_ = -1;
};

TEST_F(ReportedJoinsDetectorTest, JoinsThatNoneOfComesUpShowWithinTwentySecondsAtThreeASecond) {
  for (uint32_t seed = 1; seed <= 30; ++seed) {
    Begin(seed);
    Run(1800, {});
    ASSERT_LT(fired_at_, 0);
    const double onset = t_;
    Run(30, {.up = 0, .seen = 0});
    ASSERT_GE(fired_at_, 0);
    EXPECT_LE(fired_at_ - onset, 20);
    EXPECT_GE(confirmed_at_, 0) << "the sockets say the same";
    EXPECT_LE(confirmed_at_ - onset, 22);
    EXPECT_EQ(Evidence().up, 0u);
    EXPECT_EQ(Evidence().attempts, 0u);
    EXPECT_NEAR(Evidence().usual_share, 0.95, 0.03);
    EXPECT_NEAR(Evidence().usual_attempts, 2, 0.01);
    EXPECT_TRUE(d_.stands(At(t_)));
    Run(40, {});
    EXPECT_FALSE(d_.fired()) << "it ends with the joins that come up";
    EXPECT_FALSE(d_.stands(At(t_)));
  }
}

TEST_F(ReportedJoinsDetectorTest, IsKnownAfterAMinuteAtThreeASecond) {
  Run(90, {});
  const double onset = t_;
  Run(30, {.up = 0, .seen = 0});
  ASSERT_GE(fired_at_, 0);
  EXPECT_LE(fired_at_ - onset, 20);
}

TEST_F(ReportedJoinsDetectorTest, WhereAttemptsGoOnReachingTheSocketsItIsNotConfirmed) {
  Run(1800, {});
  Run(40, {.up = 0});
  EXPECT_GE(fired_at_, 0);
  EXPECT_LT(confirmed_at_, 0);
}

TEST_F(ReportedJoinsDetectorTest, JoinsThatComeUpByTcpAreNoAlarm) {
  Run(1800, {});
  Run(300, {.seen = 0});
  EXPECT_LT(fired_at_, 0) << "no attempt reaches the UDP sockets, and the media comes up";
}

TEST_F(ReportedJoinsDetectorTest, SaysNothingInHealthyDaysOfSmallAndSlowNodes) {
  for (const double rate : {0.05, 1.0, 8.0}) {
    Begin(5);
    Run(86400, {.joins = rate, .up = 0.9, .after = 2.5});
    EXPECT_LT(fired_at_, 0) << rate;
  }
}

TEST_F(ReportedJoinsDetectorTest, AFlashCrowdOfSlowClientsIsNoAlarm) {
  Run(1800, {.joins = 1});
  for (int i = 0; i < 20; ++i) {
    Run(60, {.joins = 30, .after = 3});
    Run(120, {.joins = 1});
  }
  EXPECT_LT(fired_at_, 0);
}

TEST_F(ReportedJoinsDetectorTest, ResumedJoinsAreNeitherMissingNorMedia) {
  Run(1800, {});
  Run(60, {.resumed = 10});
  EXPECT_LT(fired_at_, 0);
  const double onset = t_;
  Run(30, {.up = 0, .seen = 0, .resumed = 3});
  ASSERT_GE(fired_at_, 0) << "they hide nothing";
  EXPECT_LE(fired_at_ - onset, 20);
}

TEST_F(ReportedJoinsDetectorTest, OneClientThatJoinsAgainAndAgainInVainIsNoAlarm) {
  Run(1800, {.joins = 0.5});
  Run(3600, {.joins = 0.5, .in_vain = 2});
  EXPECT_LT(fired_at_, 0);
}

TEST_F(ReportedJoinsDetectorTest, WhereTheCallersHaveGoneAMonitorWithoutMediaIsNoAlarm) {
  Run(3600, {.joins = 3, .in_vain = 0.1});
  Run(4 * 3600, {.joins = 0, .in_vain = 0.1});
  EXPECT_LT(confirmed_at_, 0);
  Run(1800, {.joins = 3, .in_vain = 0.1});
  EXPECT_FALSE(d_.fired());
}

TEST_F(ReportedJoinsDetectorTest, ARestartOfTheServerIsNoEvidence) {
  Run(1800, {});
  for (int i = 0; i < 30; ++i) {
    read_ = {.unavailable = "", .at = {}, .run = "ND_" + std::to_string(i)};
    due_.clear();
    Run(20, {});
  }
  EXPECT_LT(fired_at_, 0);
  const double onset = t_;
  Run(30, {.up = 0, .seen = 0});
  ASSERT_GE(fired_at_, 0) << "what is usual is still known";
  EXPECT_LE(fired_at_ - onset, 20);
}

TEST_F(ReportedJoinsDetectorTest, ARiseThatNobodyCanBelieveIsNoEvidence) {
  Run(1800, {});
  const double usual = Evidence().usual_share;
  for (uint64_t ReportedJoins::*const count :
       {&ReportedJoins::begun, &ReportedJoins::up, &ReportedJoins::resumed}) {
    const ReportedJoins before = read_;
    for (int i = 0; i < 20; ++i) {
      read_.*count = i % 2 == 0 ? 9'000'000'000'000'000 : before.*count;
      due_.clear();
      Run(1, {});
    }
    read_ = before;
    read_.at = At(t_);
  }
  due_.clear();
  Run(600, {});
  EXPECT_LT(fired_at_, 0);
  EXPECT_NEAR(Evidence().usual_share, usual, 0.03);
  EXPECT_NEAR(Evidence().usual_attempts, 2, 0.1);
  const double onset = t_;
  Run(30, {.up = 0, .seen = 0});
  ASSERT_GE(fired_at_, 0) << "what is usual is still known";
  EXPECT_LE(fired_at_ - onset, 20);
}

TEST_F(ReportedJoinsDetectorTest, APageThatCannotBeReadIsNoEvidence) {
  Run(1800, {});
  ReportedJoins gone;
  gone.unavailable = "the page of metrics answers HTTP 404";
  for (int i = 0; i < 120; ++i) {
    t_ += 1;
    gone.at = At(t_);
    d_.Observe(gone);
    d_.Advance(At(t_), false);
    EXPECT_FALSE(d_.fired());
  }
  EXPECT_EQ(Evidence().unknown, "the page of metrics answers HTTP 404");
  due_.clear();
  Run(120, {});
  EXPECT_LT(fired_at_, 0);
  EXPECT_EQ(Evidence().unknown, "");
}

TEST_F(ReportedJoinsDetectorTest, SaysWhyItIsOff) {
  EXPECT_EQ(ReportedJoinsDetector(0.01).Evidence(At(1)).unknown, "nothing was read yet");
  Run(20, {});
  EXPECT_NE(Evidence().unknown, "");
  EXPECT_EQ(Evidence().usual_share, 0);
  Run(600, {});
  EXPECT_EQ(Evidence().unknown, "");
}

TEST_F(ReportedJoinsDetectorTest, WhereMediaHardlyEverComesUpNothingIsJudged) {
  Run(3600, {.up = 0.1});
  EXPECT_NE(Evidence().unknown, "");
  Run(120, {.up = 0});
  EXPECT_LT(fired_at_, 0);
}

TEST_F(ReportedJoinsDetectorTest, WhatLastsAnHourIsWhatIsUsual) {
  Run(1800, {});
  Run(3 * 3600, {.up = 0});
  EXPECT_FALSE(d_.fired());
}

TEST(UnmatchedTest, TheNewestIsMatchedFirstAndTheRestGrowsOld) {
  Unmatched u;
  u.Add(Time(std::chrono::seconds(1)), 2);
  u.Add(Time(std::chrono::seconds(2)), 3);
  u.Match(4);
  EXPECT_EQ(u.total(), 1);
  EXPECT_EQ(u.Expire(Time(std::chrono::milliseconds(999))), 0);
  EXPECT_EQ(u.Expire(Time(std::chrono::seconds(1))), 1);
  u.Match(7);
  EXPECT_EQ(u.total(), 0);
}

}  // namespace
}  // namespace candor
