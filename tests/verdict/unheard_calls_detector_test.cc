// SPDX-License-Identifier: Apache-2.0
#include "verdict/unheard_calls_detector.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace candor {
namespace {

// Calls of one network each unless said, whose peers report every 5 s; time is in seconds.
class UnheardCalls : public testing::Test {
 protected:
  std::optional<bool> Report(uint64_t id, Received received, double since = 0) {
    AttemptEvent e;
    e.kind = AttemptEvent::Kind::kReported;
    e.at = Time(FromSeconds(now_));
    e.id = id;
    const uint64_t network = networks_ > 0 ? id % networks_ : id;
    e.peer = IpAddress::V4(static_cast<uint32_t>((network << 16 | 0x50000001) + (id << 8 & 0xff00)));
    e.phase = Phase::kActive;
    e.received = received;
    return detector_.Observe(e, Time(FromSeconds(since)));
  }
  void Close(uint64_t id) {
    AttemptEvent e;
    e.kind = AttemptEvent::Kind::kClosed;
    e.at = Time(FromSeconds(now_));
    e.id = id;
    detector_.Observe(e, Time{});
  }
  void Weigh() {
    for (int i = 0; i < 5; ++i) detector_.Weigh(Time(FromSeconds(now_ + i)));
    now_ += 5;
  }
  // Of calls 1..`calls` the first `unheard` hear nothing.
  void Run(double seconds, uint64_t calls, uint64_t unheard = 0) {
    for (const double end = now_ + seconds; now_ < end;) {
      for (uint64_t id = 1; id <= calls; ++id)
        Report(id, id <= unheard ? Received::kNothing : Received::kMore);
      Weigh();
    }
  }
  void Renew() { detector_ = UnheardCallsDetector(options_, networks_options_); }

  JudgeOptions options_;
  ClientNetworkOptions networks_options_;
  uint64_t networks_ = 0;
  double now_ = 1000;
  UnheardCallsDetector detector_{options_, {}};
};

TEST_F(UnheardCalls, AllCallsThatGoUnheardAreAnAlarmUntilTheyAreHeardAgain) {
  Run(300, 40);
  EXPECT_FALSE(detector_.harms());
  Run(10, 40, 38);
  EXPECT_TRUE(detector_.harms());
  EXPECT_TRUE(detector_.alarm());
  EXPECT_EQ(detector_.unheard(), 38u);
  EXPECT_EQ(detector_.reporting(), 40u);
  detector_.Reset();  // as the judge does
  Run(600, 40, 38);
  EXPECT_TRUE(detector_.alarm()) << "it stands while they hear nothing";
  EXPECT_TRUE(detector_.harms());
  Run(60, 40);
  EXPECT_FALSE(detector_.alarm());
  EXPECT_FALSE(detector_.harms());
}

TEST_F(UnheardCalls, MostCallsHarmAndDoNotPrevent) {
  Run(300, 40);
  Run(60, 40, 26);
  EXPECT_TRUE(detector_.harms());
  EXPECT_FALSE(detector_.alarm());
  Run(60, 40);
  EXPECT_FALSE(detector_.harms());
}

TEST_F(UnheardCalls, SomePhonesThatGoOnHoldAreUsual) {
  for (int round = 0; round < 400; ++round) {
    const uint64_t held = static_cast<uint64_t>(round / 6 % 30) + 1;  // half a minute each
    for (uint64_t id = 1; id <= 30; ++id) Report(id, id == held ? Received::kNothing : Received::kMore);
    Weigh();
    ASSERT_FALSE(detector_.harms()) << round;
  }
}

TEST_F(UnheardCalls, CallsThatWereNeverHeardFromNetworksThatNeverWereSayNothing) {
  Run(300, 30);
  for (int round = 0; round < 60; ++round) {
    for (uint64_t id = 60; id < 100; ++id)
      Report(id + static_cast<uint64_t>(round / 6) * 128, Received::kNothing);
    Run(5, 30);
    ASSERT_FALSE(detector_.harms()) << round;
  }
  EXPECT_LE(detector_.reporting(), 40u)
      << "a few of these networks share their bucket with one that was heard";
}

TEST_F(UnheardCalls, NewCallsThatHearNothingCountWhereTheirNetworkWasHeard) {
  networks_ = 20;
  Run(300, 40);
  for (uint64_t id = 1; id <= 40; ++id) Close(id);
  for (int round = 0; round < 3; ++round) {
    for (uint64_t id = 1001; id <= 1020; ++id) Report(id, Received::kNothing);
    Weigh();
  }
  EXPECT_TRUE(detector_.alarm());
}

TEST_F(UnheardCalls, OneNetworkAmongOthersRaisesNoAlarm) {
  Run(300, 40);
  networks_ = 1;
  for (int round = 0; round < 12; ++round) {
    for (uint64_t id = 101; id <= 160; ++id) Report(id, round < 2 ? Received::kMore : Received::kNothing);
    networks_ = 0;
    Run(5, 10);
    networks_ = 1;
  }
  EXPECT_FALSE(detector_.harms());
  EXPECT_FALSE(detector_.alarm());
}

TEST_F(UnheardCalls, WhereAllCallsAreOfOneNetworkItHarmsAndPreventsNot) {
  networks_ = 1;
  Run(300, 40);
  Run(60, 40, 40);
  EXPECT_TRUE(detector_.harms());
  EXPECT_FALSE(detector_.alarm());
}

TEST_F(UnheardCalls, OfATrustedTrunkEachCallCounts) {
  networks_ = 1;
  networks_options_.trusted = *ParsePrefixList("80.0.0.0/8");
  Renew();
  Run(300, 40);
  Run(15, 40, 40);
  EXPECT_TRUE(detector_.alarm());
}

TEST_F(UnheardCalls, NothingIsSaidBeforeEnoughIsKnown) {
  Run(10, 40);
  EXPECT_FALSE(detector_.judged());
  Run(10, 40, 40);
  EXPECT_FALSE(detector_.harms());
}

TEST_F(UnheardCalls, OfAYoungNodeItHarmsAndDoesNotPrevent) {
  Run(40, 40);
  Run(15, 40, 40);
  EXPECT_TRUE(detector_.harms());
  EXPECT_FALSE(detector_.alarm()) << "how many are usually unheard is not known";
}

TEST_F(UnheardCalls, WhereManyAreUsuallyUnheardItDoesNotPrevent) {
  networks_ = 20;
  Run(1200, 40, 16);
  EXPECT_FALSE(detector_.harms());
  for (uint64_t id = 2001; id <= 2040; ++id) Report(id, Received::kMore);
  Weigh();
  Run(30, 40, 40);
  EXPECT_FALSE(detector_.alarm());
}

TEST_F(UnheardCalls, CallsThatEndLeaveNothingBehind) {
  Run(300, 40);
  Run(15, 40, 40);
  ASSERT_TRUE(detector_.alarm());
  for (uint64_t id = 1; id <= 40; ++id) Close(id);
  Weigh();
  EXPECT_FALSE(detector_.alarm());
}

// A week of calls of three minutes: a fifth is held for up to a minute, in which half of the phones drop
// what they are sent; each hour a team of six is held at once, and each night a client network hears
// nothing for an hour.
TEST_F(UnheardCalls, AWeekOfHoldsAndOfClientsOutagesRaisesNothing) {
  struct Call {
    uint64_t id, network;
    double ends, held, goes_on;
  };
  std::mt19937 random(20260602);
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  std::vector<Call> calls(20);
  networks_ = 40;
  uint64_t next = 1000;
  const double end = now_ + 7 * 86400.0;
  for (; now_ < end;) {
    const double day = std::fmod(now_, 86400), hour = std::fmod(now_, 3600);
    for (Call& c : calls) {
      if (now_ >= c.ends) {
        if (c.id != 0) Close(c.id * 40 + c.network);
        const double hold = uniform(0, 1) < 0.1 ? uniform(20, 60) : 0, at = now_ + uniform(20, 120);
        c = {++next, static_cast<uint64_t>(uniform(0, 40)), now_ + uniform(120, 240), at, at + hold};
      }
      const bool team = &c - calls.data() < 6 && hour < 45;
      const bool outage = c.network == 7 && day < 3600;
      const bool nothing = team || outage || (now_ >= c.held && now_ < c.goes_on);
      Report(c.id * 40 + c.network, nothing ? Received::kNothing : Received::kMore);
    }
    Weigh();
    ASSERT_FALSE(detector_.harms()) << now_;
  }
}

// Recovery counts each call once.
TEST_F(UnheardCalls, EachCallTellsOnceSinceATimeAndWhenItChanges) {
  EXPECT_EQ(Report(1, Received::kMore), std::optional(false));
  EXPECT_EQ(Report(1, Received::kMore), std::nullopt);
  now_ += 100;
  EXPECT_EQ(Report(1, Received::kNothing, now_), std::optional(true));
  EXPECT_EQ(Report(1, Received::kNothing, now_), std::nullopt);
  EXPECT_EQ(Report(1, Received::kMore, now_), std::optional(false)) << "it has changed";
}

}  // namespace
}  // namespace candor
