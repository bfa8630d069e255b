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

TEST_F(UnheardCalls, AFewOnHoldThatWereHeardSinceTheAlarmDoNotHoldIt) {
  for (const bool repaired : {false, true}) {
    Renew();
    Run(300, 40);
    Run(15, 40, 40);
    ASSERT_TRUE(detector_.alarm());
    detector_.Reset();
    for (uint64_t id = 1; id <= 35; ++id) Close(id);
    for (uint64_t id = 36; id <= 40; ++id) {
      if (repaired || id >= 39) Report(id, Received::kMore);
    }
    for (uint64_t id = 36; id <= 38; ++id) Report(id, Received::kNothing);
    Weigh();
    EXPECT_EQ(detector_.unheard(), 3u);
    EXPECT_EQ(detector_.reporting(), 5u);
    EXPECT_EQ(detector_.alarm(), !repaired);
  }
}

TEST_F(UnheardCalls, AnOutageDoesNotBecomeUsual) {
  networks_ = 20;
  Run(1200, 40);
  const double before = detector_.test().baseline_rate();
  uint64_t first = 0;
  for (int round = 0; round < 120; ++round) {  // an hour of new calls that hear nothing
    for (uint64_t id = 1; id <= 40; ++id) Close(first + id);
    first += 40;
    for (uint64_t id = 1; id <= 40; ++id) Report(first + id, Received::kNothing);
    Weigh();
    ASSERT_TRUE(detector_.alarm()) << round;
    detector_.Reset();  // as the judge does
    now_ += 20;
  }
  for (uint64_t id = 1; id <= 40; ++id) Close(first + id);
  Run(300, 40);
  EXPECT_LE(detector_.test().baseline_rate(), before * 1.01);
}

// As with ten thousand open calls: heard ones are looked up every 86 s, others more often.
TEST_F(UnheardCalls, WhereCallsAreLookedUpRarelyHeardOnesAreNotForgotten) {
  Run(300, 60);
  for (int second = 0; second < 900; ++second) {
    for (uint64_t id = 1; id <= 60; ++id) {
      const bool held = id <= 15 && second >= 600;
      const int interval = held ? 20 : 86;
      if (second % interval == static_cast<int>(id) % interval)
        Report(id, held ? Received::kNothing : Received::kMore);
    }
    detector_.Weigh(Time(FromSeconds(now_)));
    now_ += 1;
    if (second < 200) continue;
    ASSERT_EQ(detector_.reporting(), 60u) << second;
    ASSERT_FALSE(detector_.harms()) << second;
  }
  EXPECT_EQ(detector_.unheard(), 15u);
}

TEST_F(UnheardCalls, WithoutItsBaselineItIsYoungAgain) {
  Run(300, 40);
  ASSERT_TRUE(detector_.judged());
  detector_.ResetBaseline();
  EXPECT_FALSE(detector_.judged());
  EXPECT_EQ(Report(1001, Received::kNothing), std::nullopt) << "which networks were heard is forgotten";
  Run(10, 40, 40);
  EXPECT_FALSE(detector_.harms());
}

TEST_F(UnheardCalls, WhileAnEarlierAlarmIsInForceCallsThatWereNeverHeardCount) {
  EXPECT_EQ(Report(1, Received::kNothing), std::nullopt);
  detector_.Resume(Time(FromSeconds(now_)));
  EXPECT_EQ(Report(1, Received::kNothing), std::optional(true));
  Run(10, 40, 38);
  EXPECT_TRUE(detector_.alarm());
  EXPECT_EQ(detector_.unheard(), 38u);
  Run(60, 40);
  EXPECT_FALSE(detector_.alarm());
  detector_.Settle();
  Run(60, 40);
  EXPECT_FALSE(detector_.harms());
}

TEST_F(UnheardCalls, PhonesThatNeverReportHoldNoEarlierAlarm) {
  detector_.Resume(Time(FromSeconds(now_)));
  Run(30, 40, 24);
  EXPECT_FALSE(detector_.alarm()) << "sixteen calls are heard";
  EXPECT_LE(detector_.unheard(), 8u) << "a few networks share the bucket of one that was heard";
  EXPECT_EQ(Report(24, Received::kNothing, now_), std::nullopt);
}

}  // namespace
}  // namespace candor
