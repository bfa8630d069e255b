// SPDX-License-Identifier: Apache-2.0
#include "attempt/lost_flows.h"

#include <gtest/gtest.h>

#include "tests/attempt/scene.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;
constexpr LostReason kFirewallIn{CANDOR_IN, CANDOR_DROP_NETFILTER};
constexpr LostReason kFirewallOut{CANDOR_OUT, CANDOR_DROP_NETFILTER};
constexpr LostReason kQueueOut{CANDOR_OUT, CANDOR_DROP_QDISC};

const FlowKey kKey = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);

FlowKey Of(uint16_t port) { return KeyOf("192.0.2.1", 7882, "198.51.100.7", port); }

// A client whose checks are dropped, each with an id of its own, for `seconds`.
void LoseChecks(Scene& s, double seconds, const FlowKey& key = kKey, const char* name = "node:peer") {
  static uint8_t transaction = 1;
  for (double t = 0; t < seconds; t += 0.25)
    s.Drop(key, CANDOR_IN, Check(name, ++transaction, true)).Wait(0.25);
}

// A call whose sound comes in at `port` and is dropped.
void LoseMedia(Scene& s, uint16_t port, int packets) {
  const FlowKey key = KeyOf("192.0.2.1", port, "198.51.100.9", 5004);
  for (int i = 0; i < packets; ++i) {
    s.Drop(key, CANDOR_IN, Rtp(9, static_cast<uint16_t>(100 + i))).Skip(0.02);
  }
}

TEST(LostFlows, ChecksThatNeverReachASocketAreAnAttemptThatWaitsOnTheNode) {
  Scene s;
  LoseChecks(s, 2);
  const AttemptView v = s.Find("node");
  EXPECT_EQ(v.phase, Phase::kOffered);
  EXPECT_EQ(v.waiting_on, WaitingOn::kNode);
  EXPECT_EQ(v.lost, kFirewallIn);
  EXPECT_FALSE(v.acknowledged);
  ASSERT_FALSE(s.events().empty());
  EXPECT_EQ(s.events().front().kind, Kind::kOffered);
  EXPECT_FALSE(s.events().front().at_socket);
  EXPECT_EQ(s.events().back().kind, Kind::kWaitingOn);
  EXPECT_EQ(s.events().back().lost, kFirewallIn);
}

TEST(LostFlows, AnAttemptThatNobodyAnsweredIsNotCountedAsOne) {
  Scene s;
  LoseChecks(s, 2);
  s.Wait(12);
  EXPECT_EQ(s.Find("node").outcome, Outcome::kUnanswered);
  EXPECT_EQ(s.counts().attempts, 0u);
  EXPECT_EQ(s.counts().unanswered, 1u);
  EXPECT_EQ(s.counts().lost_here.at(Index(kFirewallIn)), 1u);
  EXPECT_TRUE(s.counts().AddsUp());
}

TEST(LostFlows, WhenThePacketsGetThroughItGoesOnAsOneAttempt) {
  Scene s;
  LoseChecks(s, 2);
  Client{kKey, "node:peer"}.Up(s);
  s.Wait(1);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.counts().active, 1u);
  EXPECT_EQ(s.Count(Kind::kOffered), 1u);
  EXPECT_EQ(s.Count(Kind::kActive), 1u);
  EXPECT_FALSE(s.Find("node").lost);
  EXPECT_TRUE(s.events().back().at_socket);
  EXPECT_EQ(s.counts().AllLostHere(), 0u);
  EXPECT_TRUE(s.counts().AddsUp());
}

TEST(LostFlows, OneCandidatePairThatIsDroppedDoesNotHarmTheAttemptThatUsesAnother) {
  Scene s;
  const FlowKey other = KeyOf("2001:db8::1", 7882, "2001:db8::7", 40000);
  Client{kKey, "node:peer"}.Ice(s);
  LoseChecks(s, 1, other);
  Client{kKey, "node:peer"}.Up(s);
  s.Wait(2);
  EXPECT_EQ(s.counts().active, 1u);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_FALSE(s.Find("node").lost);
}

TEST(LostFlows, AnAnswerThatIsDroppedAcknowledgesTheAttemptAndLeavesItWaitingOnTheNode) {
  Scene s;
  for (uint8_t n = 1; n <= 6; ++n) {
    s.In(kKey, Check("node:peer", n, true)).Drop(kKey, CANDOR_OUT, CheckAnswer(n)).Wait(0.5);
  }
  const AttemptView v = s.Find("node");
  EXPECT_TRUE(v.acknowledged);
  EXPECT_EQ(v.waiting_on, WaitingOn::kNode);
  EXPECT_EQ(v.lost, kFirewallOut);
  EXPECT_EQ(s.Count(Kind::kAcknowledged), 1u);
  s.Wait(10);
  EXPECT_EQ(s.Find("node").outcome, Outcome::kStalled);
  EXPECT_EQ(s.counts().stalled[static_cast<size_t>(WaitingOn::kNode)], 1u);
  EXPECT_EQ(s.counts().lost_here.at(Index(kFirewallOut)), 1u);
  EXPECT_TRUE(s.counts().AddsUp());
}

TEST(LostFlows, AnErrorThatIsDroppedAcknowledgesNothing) {
  Scene s;
  for (uint8_t n = 1; n <= 4; ++n) {
    s.In(kKey, Check("node:peer", n, true)).Drop(kKey, CANDOR_OUT, CheckError(n, 401)).Wait(0.5);
  }
  EXPECT_FALSE(s.Find("node").acknowledged);
  EXPECT_EQ(s.Find("node").lost, kFirewallOut);
}

// The hook sees what the queue behind it drops: without the drop the path would seem to lose it.
TEST(LostFlows, AnswersThatTheHookSawAndTheQueueDroppedWaitOnTheNode) {
  Scene s;
  for (int i = 0; i < 6; ++i) {
    s.In(kKey, Check("node:peer", 1, true)).Out(kKey, CheckAnswer(1));
    s.Drop(kKey, CANDOR_OUT, CheckAnswer(1), CANDOR_DROP_QDISC).Wait(0.5);
  }
  EXPECT_EQ(s.Find("node").waiting_on, WaitingOn::kNode);
  EXPECT_EQ(s.Find("node").lost, kQueueOut);
}

TEST(LostFlows, AClientThatLeavesAfterOneLostAnswerHasLeft) {
  Scene s;
  s.In(kKey, Check("node:peer", 1, true)).Out(kKey, CheckAnswer(1));
  s.Drop(kKey, CANDOR_OUT, CheckAnswer(1), CANDOR_DROP_QDISC).Wait(0.5);
  s.In(kKey, Check("node:peer", 1, true)).Out(kKey, CheckAnswer(1)).Wait(12);
  EXPECT_EQ(s.Find("node").outcome, Outcome::kLeft);
  EXPECT_EQ(s.counts().AllLostHere(), 0u);
}

// Full ICE behind a firewall that lets out what the node sends: its own checks are no answer.
TEST(LostFlows, WhereOnlyTheNodesOwnChecksPassTheLostChecksOfThePeerOfferTheAttempt) {
  Scene s;
  const FlowKey host = KeyOf("192.0.2.1", 7882, "10.0.0.7", 40000);
  for (uint8_t n = 1; n <= 4; ++n) {
    s.Out(host, Check("peer:node", static_cast<uint8_t>(100 + n), true));
    s.Out(kKey, Check("peer:node", static_cast<uint8_t>(50 + n), true));
    s.Drop(kKey, CANDOR_IN, Check("node:peer", n, true), CANDOR_DROP_SOURCE).Wait(0.4);
  }
  ASSERT_FALSE(s.events().empty());
  EXPECT_EQ(s.events().front().kind, Kind::kOffered);
  for (const AttemptEvent& e : s.events()) EXPECT_FALSE(e.at_socket) << "nothing of the peer has reached one";
  EXPECT_EQ(s.events().back().peer, RemoteOf(kKey).address);
  EXPECT_EQ(s.events().back().waiting_on, WaitingOn::kNode);
  EXPECT_EQ(s.events().back().lost, (LostReason{CANDOR_IN, CANDOR_DROP_SOURCE}));
  EXPECT_EQ(s.counts().offered, 1u) << "one attempt";
  s.Wait(12);
  EXPECT_EQ(s.Find("node").outcome, Outcome::kStalled);
  EXPECT_EQ(s.counts().lost_here.at(Index({CANDOR_IN, CANDOR_DROP_SOURCE})), 1u);
  EXPECT_TRUE(s.counts().AddsUp());
}

// A stateful firewall drops what comes before the node's own check has opened the way.
TEST(LostFlows, OnceAPacketOfThePeerGetsThroughTheAttemptIsAtItsSocket) {
  Scene s;
  for (uint8_t n = 1; n <= 3; ++n) s.Drop(kKey, CANDOR_IN, Check("node:peer", n, true)).Wait(0.25);
  s.Out(kKey, Check("peer:node", 50, true)).Wait(0.25);
  ASSERT_EQ(s.Count(Kind::kOffered), 1u);
  EXPECT_FALSE(s.events().back().at_socket);
  Client{kKey, "node:peer"}.Ice(s, 9);
  s.Wait(0.25);
  EXPECT_TRUE(s.events().back().at_socket);
  EXPECT_EQ(s.Count(Kind::kAcknowledged), 1u);
  Client{kKey, "node:peer"}.Dtls(s);
  Client{kKey, "node:peer"}.Media(s);
  s.Wait(1);
  EXPECT_EQ(s.counts().active, 1u);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.counts().AllLostHere(), 0u);
}

TEST(LostFlows, OneLostCheckOffersNothing) {
  Scene s;
  s.Out(kKey, Check("peer:node", 50, true)).Drop(kKey, CANDOR_IN, Check("node:peer", 1, true)).Wait(5);
  EXPECT_EQ(s.Count(Kind::kOffered), 0u);
}

TEST(LostFlows, WhatIsDroppedOfARunningCallIsNoNewAttempt) {
  Scene s;
  Client{kKey, "node:peer"}.Up(s);
  for (uint16_t i = 0; i < 200; ++i) s.Drop(kKey, CANDOR_IN, Rtp(7, i)).Skip(0.02);
  s.Wait(1);
  EXPECT_EQ(s.counts().offered, 1u);
  EXPECT_EQ(s.Find("node").outcome, Outcome::kActive);
  EXPECT_EQ(s.lost().counts().noted, 200u);
}

// Peers go on sending for a while after a call has ended and its port is closed.
TEST(LostFlows, MediaThatGoesOnAfterACallHasEndedIsNoNewAttempt) {
  Scene s;
  const FlowKey key = KeyOf("192.0.2.1", 31000, "198.51.100.9", 5004);
  for (uint16_t i = 0; i < 50; ++i) s.In(key, Rtp(9, i)).Out(key, Rtp(8, i)).Skip(0.02);
  s.Wait(1);
  for (uint16_t i = 50; i < 5000; ++i) {
    s.Drop(key, CANDOR_IN, Rtp(9, i), CANDOR_DROP_NO_SOCKET);
    i % 10 == 0 ? s.Wait(0.2) : s.Wait(0);
  }
  EXPECT_EQ(s.counts().offered, 1u);
  EXPECT_EQ(s.counts().attempts, 1u);
}

TEST(LostFlows, PlainMediaCountsAtPortsThatMediaHas) {
  Scene s;
  LoseMedia(s, 31000, 60);
  s.Wait(3);
  EXPECT_EQ(s.counts().offered, 0u) << "a stranger's port";
  EXPECT_EQ(s.lost().counts().strangers, 60u);
  // Eight calls show the range of ports.
  for (uint16_t n = 0; n < 8; ++n) {
    const FlowKey key = KeyOf("192.0.2.1", static_cast<uint16_t>(30000 + 300 * n), "198.51.100.9", 5004);
    for (uint16_t i = 0; i < 10; ++i) s.In(key, Rtp(9, i)).Out(key, Rtp(8, i)).Skip(0.02);
  }
  EXPECT_TRUE(s.lost().HasPort(31000));
  EXPECT_FALSE(s.lost().HasPort(33000));
  LoseMedia(s, 31000, 60);
  s.Wait(3);
  EXPECT_EQ(s.Find("31000").waiting_on, WaitingOn::kNode);
  EXPECT_EQ(s.Find("31000").lost, kFirewallIn);
  EXPECT_TRUE(s.counts().AddsUp());
}

TEST(LostFlows, ConfiguredPortsAreMediasFromTheBeginning) {
  AttemptTracker tracker({}, [](const AttemptEvent&) {});
  EXPECT_TRUE(LostFlows({.port_min = 30000, .port_max = 40000}, &tracker).HasPort(31000));
  EXPECT_FALSE(LostFlows({.port_min = 30000, .port_max = 40000}, &tracker).HasPort(5060));
  EXPECT_FALSE(LostFlows({}, &tracker).HasPort(31000)) << "all ports are nobody's";
}

TEST(LostFlows, AFloodOpensNoMoreAttemptsThanTheBound) {
  AttemptOptions options;
  options.max_lost = 20;
  Scene s(options);
  for (uint16_t n = 0; n < 400; ++n) {
    const FlowKey key =
        KeyOf("192.0.2.1", 7882, "203.0.113." + std::to_string(n % 200), static_cast<uint16_t>(40000 + n));
    const std::string name = "u" + std::to_string(n) + ":peer";
    s.Drop(key, CANDOR_IN, Check(name, 1, false)).Drop(key, CANDOR_IN, Check(name, 2, false));
  }
  EXPECT_EQ(s.tracker().Attempts(1000).size(), 20u);
  EXPECT_GE(s.counts().lost_refused, 380u);
  // Those that are over give way.
  s.Wait(12);
  LoseChecks(s, 1);
  EXPECT_EQ(s.Find("node").key, "node");
  EXPECT_LE(s.tracker().Attempts(1000).size(), 41u) << "open ones and the history";
  EXPECT_TRUE(s.counts().AddsUp());
}

TEST(LostFlows, OneSenderCannotTakeTheRoomOfAllOthers) {
  Scene s;
  for (uint16_t n = 0; n < 1000; ++n) {
    s.Drop(Of(static_cast<uint16_t>(40000 + n)), CANDOR_IN, Check("u" + std::to_string(n) + ":p", 1, false));
  }
  EXPECT_EQ(s.lost().counts().followed, 256u);
  EXPECT_EQ(s.lost().counts().refused, 744u);
  LoseChecks(s, 1, KeyOf("192.0.2.1", 7882, "198.51.100.8", 40000), "other:peer");
  EXPECT_EQ(s.Find("other").key, "other");
}

}  // namespace
}  // namespace candor
