// SPDX-License-Identifier: Apache-2.0
//
// Connections that come up and carry less than usual: through the judge as others call it.
#include <map>

#include "judge_harness.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

// What one attempt carries: `at_once` when it becomes active, `later` 150 ms after.
struct Shape {
  uint8_t at_once = kRtpIn;
  uint8_t later = kRtpOut;
  double setup = 0.03;
  bool known = true;
};
constexpr Shape kCall{}, kRtcpOnly{kRtpIn, 0, 1.1}, kMuted{0, kRtpOut}, kSilent{0, 0},
    kUnknown{0, 0, 0.03, false};

class Node : public JudgeHarness {
 public:
  explicit Node(JudgeOptions options = {}) : JudgeHarness(std::move(options)) {}

  // One attempt of `shape` every `gap` seconds, its later events interleaved with those of the next ones.
  void Live(int n, const Shape& shape, double gap = 1.0 / 3) {
    for (int i = 0; i < n; ++i) {
      const double t = next_;
      AttemptEvent e;
      e.id = ++id_;
      e.peer = Peer();
      e.media_known = shape.known;
      Add(e, Kind::kOffered, t, 0);
      Add(e, Kind::kAcknowledged, t + 0.01, 0);
      Add(e, Kind::kActive, t + shape.setup, shape.at_once);
      if (shape.later != 0) {
        const uint8_t all = static_cast<uint8_t>(shape.at_once | shape.later);
        Add(e, Kind::kMedia, t + shape.setup + 0.15, all);
      }
      next_ = t + gap;
      Deliver(next_);
    }
  }

  std::optional<double> degraded_at;

 private:
  void Add(AttemptEvent e, Kind kind, double t, uint8_t media) {
    e.kind = kind;
    e.at = At(t);
    e.media = media;
    e.phase = kind == Kind::kOffered ? Phase::kOffered : Phase::kAnswered;
    coming_.emplace(t, e);
  }
  void Deliver(double until) {
    while (!coming_.empty() && coming_.begin()->first <= until) {
      Look(coming_.begin()->first);
      judge().Observe(coming_.begin()->second);
      coming_.erase(coming_.begin());
    }
    Look(until);
  }
  void Look(double t) {
    while (now() + 0.25 <= t) {
      const double tick = now() + 0.25;
      Until(tick);
      const bool bad = v().state == State::kDegraded || v().state == State::kFailing;
      if (bad && !degraded_at) degraded_at = tick;
    }
  }

  std::multimap<double, AttemptEvent> coming_;
  double next_ = 1.5;
};

const DetectorStatus* Row(const Verdict& v, std::string_view name) {
  for (const DetectorStatus& c : v.detectors) {
    if (c.name == name) return &c;
  }
  return nullptr;
}

TEST(JudgeMedia, ANodeWhoseRtpOutVanishesWhileRtcpGoesOnIsDegradedWithinTenSecondsAndThenFailing) {
  Node n;
  n.Live(900, kCall);
  ASSERT_EQ(n.v().state, State::kHealthy) << n.v().detail;
  const double onset = n.now();
  n.Live(60, kRtcpOnly);
  ASSERT_TRUE(n.degraded_at);
  EXPECT_LE(*n.degraded_at - onset, 10);
  EXPECT_EQ(n.v().state, State::kFailing) << n.v().detail;
  EXPECT_EQ(n.v().reason, "media_missing");
  EXPECT_EQ(n.v().detector, "no_rtp_to_senders");
  EXPECT_NE(n.v().detail.find("sends no RTP back"), std::string::npos) << n.v().detail;
  EXPECT_NE(n.v().remediation.find("firewall"), std::string::npos);
  EXPECT_GE(n.v().networks, 4u);
}

TEST(JudgeMedia, ItIsLetBackInWhenItsRtpComesAgain) {
  Node n;
  n.Live(900, kCall);
  n.Live(60, kRtcpOnly);
  ASSERT_EQ(n.v().state, State::kFailing);
  n.Live(400, kCall);
  EXPECT_EQ(n.v().state, State::kHealthy) << n.v().reason << n.v().detail;
}

TEST(JudgeMedia, HalfOfItIsDegradedAndClears) {
  Node n;
  n.Live(900, kCall);
  const double onset = n.now();
  for (int i = 0; i < 30; ++i) {
    n.Live(1, kRtcpOnly);
    n.Live(1, kCall);
  }
  ASSERT_TRUE(n.degraded_at);
  EXPECT_LE(*n.degraded_at - onset, 12);
  EXPECT_FALSE(n.saw_failing) << n.v().detail;
  EXPECT_EQ(n.v().reason, "media_missing");
  EXPECT_EQ(n.v().detector, "less_rtp_to_senders");
  n.Live(150, kCall);
  EXPECT_EQ(n.v().state, State::kHealthy) << n.v().detail;
}

TEST(JudgeMedia, RtpInThatVanishesIsDegradedForItMayBeThePeers) {
  Node n;
  n.Live(900, kCall);
  const double onset = n.now();
  n.Live(60, kMuted);
  EXPECT_FALSE(n.saw_failing);
  EXPECT_EQ(n.v().state, State::kDegraded);
  EXPECT_EQ(n.v().reason, "media_missing");
  EXPECT_EQ(n.v().detector, "no_rtp_in");
  EXPECT_LE(*n.degraded_at - onset, 10);
  EXPECT_NE(n.v().detail.find("no RTP from their clients"), std::string::npos) << n.v().detail;
}

TEST(JudgeMedia, SubscribersWhoGetNothingWhileNobodySendsAreDegradedNotFailing) {
  Node n;
  n.Live(900, kMuted);
  n.Live(60, kSilent);
  EXPECT_FALSE(n.saw_failing);
  EXPECT_EQ(n.v().state, State::kDegraded);
  EXPECT_EQ(n.v().detector, "no_rtp_out");
}

TEST(JudgeMedia, WhereFewGetRtpItsAbsenceSaysNothing) {
  Node n;
  for (int i = 0; i < 400; ++i) n.Live(1, i % 4 == 0 ? kCall : kSilent);
  ASSERT_EQ(n.v().state, State::kHealthy);
  n.Live(200, kSilent);
  EXPECT_EQ(n.v().state, State::kHealthy) << n.v().detail;
}

TEST(JudgeMedia, WhatATraceDoesNotTellIsNotMissing) {
  Node n;
  n.Live(900, kCall);
  n.Live(400, kUnknown);
  EXPECT_EQ(n.v().state, State::kHealthy) << n.v().detail;
  Node never;
  never.Live(600, kUnknown);
  EXPECT_EQ(Row(never.v(), "no_rtp_out"), nullptr);
}

TEST(JudgeMedia, OneNetworkOfMutedClientsIsNoNews) {
  Node n;
  n.Live(900, kCall);
  for (uint32_t i = 0; i < 60; ++i) {
    n.one_peer = IpAddress::V4(0x5a010000u + i);
    n.Live(1, kRtcpOnly);
  }
  EXPECT_EQ(n.v().state, State::kHealthy) << n.v().detail;
}

TEST(JudgeMedia, WhereOnlyOneNetworkComesItIsSaidAllTheSame) {
  Node n;
  for (uint32_t i = 0; i < 400; ++i) {
    n.one_peer = IpAddress::V4(0x5a010000u + i);
    n.Live(1, kCall);
  }
  for (uint32_t i = 0; i < 60; ++i) {
    n.one_peer = IpAddress::V4(0x5a010000u + 400 + i);
    n.Live(1, kRtcpOnly);
  }
  EXPECT_FALSE(n.saw_failing);
  EXPECT_EQ(n.v().state, State::kDegraded);
  EXPECT_EQ(n.v().reason, "media_missing") << n.v().detail;
}

// The first of each meeting waits: twelve in a row are nothing on a node where that is usual.
TEST(JudgeMedia, AMorningOfFirstParticipantsIsNotTheNodesFault) {
  Node n;
  constexpr Shape kAlone{kRtpIn, 0};
  for (int i = 0; i < 900; ++i) n.Live(1, i % 3 == 0 ? kAlone : kCall);
  n.Live(12, kAlone);
  EXPECT_FALSE(n.saw_failing) << n.v().detail;
  Node seldom;
  for (int i = 0; i < 900; ++i) seldom.Live(1, i % 15 == 0 ? kAlone : kCall);
  seldom.Live(40, kAlone);
  EXPECT_FALSE(seldom.saw_failing) << seldom.v().detail;
  for (int i = 0; i < 200; ++i) n.Live(1, i % 4 == 0 ? kCall : kAlone);
  EXPECT_FALSE(n.saw_failing) << n.v().detail;
}

TEST(JudgeMedia, TheBaselineOutlivesARestart) {
  Node before;
  before.Live(900, kCall);
  Node after;
  ASSERT_TRUE(after.judge().RestoreBaseline(before.judge().SaveBaseline(), std::chrono::seconds(5),
                                            JudgeHarness::At(after.now())));
  after.Live(3, kCall);
  after.Live(80, kRtcpOnly);
  EXPECT_EQ(after.v().state, State::kFailing) << after.v().detail;
  EXPECT_EQ(after.v().reason, "media_missing");
  Node again;
  ASSERT_TRUE(again.judge().RestoreBaseline(after.judge().SaveBaseline(), std::chrono::seconds(1),
                                            JudgeHarness::At(again.now())));
  EXPECT_EQ(again.v().state, State::kFailing);
  EXPECT_EQ(again.v().reason, "media_missing");
  EXPECT_FALSE(again.v().detail.empty());
}

TEST(JudgeMedia, SetupsThatAllTakeFortyTimesAsLongAreDegradedNotFailing) {
  Node n;
  n.Live(900, kCall);
  const double onset = n.now();
  n.Live(60, Shape{kRtpIn, kRtpOut, 1.1});
  EXPECT_FALSE(n.saw_failing);
  ASSERT_EQ(n.v().state, State::kDegraded) << n.v().detail;
  EXPECT_EQ(n.v().reason, "slow_setup");
  EXPECT_EQ(n.v().detector, "setup_shift");
  EXPECT_LE(*n.degraded_at - onset, 12);
  n.Live(150, kCall);
  EXPECT_EQ(n.v().state, State::kHealthy) << n.v().detail;
}

TEST(JudgeMedia, ThreeTimesAsLongIsNoHarmWhereItIsStillFast) {
  Node n;
  n.Live(900, kCall);
  n.Live(200, Shape{kRtpIn, kRtpOut, 0.09});
  EXPECT_EQ(n.v().state, State::kHealthy) << n.v().detail;
}

// Half of all come from another continent: 1 s where 30 ms are usual.
TEST(JudgeMedia, ABurstOfFarClientsAmongNearOnesIsNoHarm) {
  Node n;
  n.Live(900, kCall);
  for (int i = 0; i < 300; ++i) n.Live(1, Shape{kRtpIn, kRtpOut, i % 5 < 3 ? 1.0 : 0.03});
  EXPECT_EQ(n.v().state, State::kHealthy) << n.v().detail;
}

}  // namespace
}  // namespace candor
