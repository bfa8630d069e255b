// SPDX-License-Identifier: Apache-2.0
// Attempts that become active after their deadline, and calls that ring.
#include <gtest/gtest.h>

#include "calls.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

const FlowKey kHost = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);
const Client kAnna{kHost, "NODE:anna"};

std::vector<Kind> Kinds(const Scene& s) {
  std::vector<Kind> kinds;
  for (const AttemptEvent& e : s.events()) {
    if (e.kind != Kind::kWaitingOn && e.kind != Kind::kMedia) kinds.push_back(e.kind);
  }
  return kinds;
}

TEST(LateAttempts, AStallThatComesUpAfterAllIsASuccessAndNoStall) {
  Scene s;
  kAnna.Ice(s);
  for (int i = 0; i < 12; ++i) s.In(kHost, Handshake(1, 0)).Wait(1);
  EXPECT_EQ(s.counts().stalled[CANDOR_WAITING_ON_NODE], 1u);
  kAnna.Dtls(s);
  kAnna.Media(s);
  const AttemptCounts c = s.counts();
  EXPECT_EQ(c.stalled[CANDOR_WAITING_ON_NODE], 0u);
  EXPECT_EQ(c.active, 1u);
  EXPECT_EQ(c.late, 1u);
  EXPECT_EQ(c.attempts, 1u);
  EXPECT_EQ(Kinds(s), (std::vector{Kind::kOffered, Kind::kAcknowledged, Kind::kClosed, Kind::kActive}));
  s.Wait(70);
  EXPECT_EQ(s.events().back().kind, Kind::kClosed);
  EXPECT_EQ(s.events().back().outcome, Outcome::kActive);
}

TEST(LateAttempts, TheirDropIsReportedLikeAnyOther) {
  Scene s;
  kAnna.Ice(s).Wait(11);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kLeft);
  kAnna.Dtls(s);
  kAnna.Media(s);
  for (uint16_t i = 0; i < 24; ++i) s.Wait(0.5).In(kHost, Rtp(7, static_cast<uint16_t>(101 + i)));
  EXPECT_EQ(Kinds(s).back(), Kind::kDead);
  EXPECT_EQ(s.counts().early_drop, 1u);
  EXPECT_EQ(s.counts().left, 0u);
  EXPECT_TRUE(s.counts().AddsUp());
}

TEST(LateAttempts, ACallThatRingsIsPendingUntilItIsAnswered) {
  for (const bool node_first : {true, false}) {
    Scene s;
    Call call(1);
    Go(s, 25, [&] { node_first ? call.Out(s) : call.In(s); });
    EXPECT_EQ(call.View(s).outcome, Outcome::kPending);
    EXPECT_EQ(call.View(s).waiting_on, WaitingOn::kNone);
    EXPECT_EQ(s.counts().pending, 1u);
    EXPECT_TRUE(s.events().empty());
    Go(s, 5, [&] { call.Both(s); });
    EXPECT_EQ(s.counts().attempts, 1u);
    EXPECT_EQ(s.counts().active, 1u);
    EXPECT_EQ(s.counts().late, 0u) << "it was still pending";
    EXPECT_EQ(Kinds(s), (std::vector{Kind::kOffered, Kind::kAcknowledged, Kind::kActive}));
    EXPECT_EQ(s.events()[0].at, s.events()[2].at) << "the time of ringing is no set-up time";
  }
}

TEST(LateAttempts, ACallWithoutAnAnswerHasLeft) {
  Scene s;
  Call call(1);
  Go(s, 25, [&] { call.Out(s); });
  s.Wait(8);
  EXPECT_EQ(call.View(s).outcome, Outcome::kLeft);
  EXPECT_EQ(s.counts().left, 1u);
  EXPECT_TRUE(s.counts().AddsUp());
}

TEST(LateAttempts, ManyCallsThatRingCostFewLooks) {
  Scene s;
  std::vector<Call> calls;
  for (uint16_t i = 0; i < 2000; ++i) calls.emplace_back(i);
  const auto all = [&] {
    for (Call& c : calls) c.In(s).In(s).In(s).In(s).In(s);
    s.Wait(4);
  };
  for (int i = 0; i < 4; ++i) all();
  const size_t before = s.looks();
  for (int i = 0; i < 5; ++i) all();
  EXPECT_LE(static_cast<double>(s.looks() - before) / 20, 420) << "looks a second";
}

}  // namespace
}  // namespace candor
