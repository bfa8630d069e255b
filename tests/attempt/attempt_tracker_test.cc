// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt_tracker.h"

#include <gtest/gtest.h>

#include "scene.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

const FlowKey kHost = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);
const FlowKey kOther = KeyOf("192.0.2.1", 7882, "203.0.113.9", 50000);
const Client kAnna{kHost, "NODE:anna"};

TEST(AttemptTracker, AnAttemptWithMediaBothWaysIsActiveAndReportedInOrder) {
  Scene s;
  kAnna.Up(s);
  const AttemptView v = s.Find("NODE");
  EXPECT_EQ(v.outcome, Outcome::kActive);
  EXPECT_EQ(v.phase, Phase::kActive);
  ASSERT_EQ(s.events().size(), 5u);
  EXPECT_EQ(s.events()[0].kind, Kind::kOffered);
  EXPECT_EQ(s.events()[1].kind, Kind::kAcknowledged);
  EXPECT_EQ(s.events()[2].kind, Kind::kMedia) << "in";
  EXPECT_EQ(s.events()[3].kind, Kind::kActive);
  EXPECT_EQ(s.events()[4].kind, Kind::kMedia) << "and out";
  EXPECT_EQ(s.events()[0].peer.ToString(), "198.51.100.7");
}

TEST(AttemptTracker, AllFlowsUnderOneUfragAreOneAttempt) {
  Scene s;
  s.In(kOther, Check("NODE:anna", 5, false));  // a dead pair: never answered again
  kAnna.Up(s);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.counts().active, 1u);
  EXPECT_EQ(s.Find("NODE").flows, 2u);
}

TEST(AttemptTracker, MediaInOnOnePairAndOutOnAnotherIsActive) {
  Scene s;
  kAnna.Ice(s);
  const Client roamed{kOther, "NODE:anna"};
  roamed.Ice(s, 2);
  s.In(kHost, Rtp(7, 1)).Out(kOther, Rtp(8, 1));
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
}

TEST(AttemptTracker, APublisherWhoGetsOnlyRtcpIsActive) {
  Scene s;
  kAnna.Ice(s);
  kAnna.Dtls(s).In(kHost, Rtp(7, 1)).Wait(2).Out(kHost, Rtcp(8));
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
}

TEST(AttemptTracker, ASilentSubscriberIsActiveOnceItMustHaveTheNodesFinished) {
  Scene s;
  kAnna.Ice(s);
  kAnna.Dtls(s).Out(kHost, Rtp(8, 1));
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kPending);
  s.Wait(1.1).Out(kHost, Rtp(8, 2));
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
}

TEST(AttemptTracker, ASubscriberWhoRepeatsItsFlightIsMissingOurs) {
  Scene s;
  kAnna.Ice(s);
  kAnna.Dtls(s).Out(kHost, Rtp(8, 1));
  s.Wait(1.0).In(kHost, Handshake(16, 1) + DtlsRecord(22, 1, Bytes(40, 9)));
  s.Wait(1.1).Out(kHost, Rtp(8, 2));
  const AttemptView v = s.Find("NODE");
  EXPECT_EQ(v.outcome, Outcome::kPending);
  EXPECT_EQ(v.waiting_on, WaitingOn::kPath);
}

TEST(AttemptTracker, ADataOnlyParticipantIsActiveWithApplicationDataBothWays) {
  Scene s;
  kAnna.Ice(s);
  const Bytes data = DtlsRecord(23, 1, Bytes(30, 1));
  kAnna.Dtls(s).In(kHost, data).Out(kHost, data);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
}

TEST(AttemptTracker, ACheckWithoutAnAnswerForASecondWaitsOnTheNode) {
  Scene s;
  s.In(kHost, Check("NODE:anna", 1, false)).Wait(0.5).In(kHost, Check("NODE:anna", 1, false)).Wait(0.4);
  EXPECT_EQ(s.Find("NODE").waiting_on, WaitingOn::kNone);
  s.Wait(0.25);
  EXPECT_EQ(s.Find("NODE").waiting_on, WaitingOn::kNode);
  ASSERT_EQ(s.Count(Kind::kWaitingOn), 1u);
  EXPECT_FALSE(s.Find("NODE").acknowledged);
}

TEST(AttemptTracker, TheSameRequestAfterItsAnswerWaitsOnThePath) {
  Scene s;
  kAnna.Ice(s).Wait(0.5).In(kHost, Check("NODE:anna", 1, true)).Wait(1.25);
  EXPECT_EQ(s.Find("NODE").waiting_on, WaitingOn::kPath);
  EXPECT_EQ(s.Find("NODE").repeats, 1u);
}

TEST(AttemptTracker, TheFlightAfterTheNodesWaitsOnThePeer) {
  Scene s;
  kAnna.Ice(s).In(kHost, Handshake(1, 0)).Out(kHost, Handshake(2, 0)).Wait(1.25);
  EXPECT_EQ(s.Find("NODE").waiting_on, WaitingOn::kPeer);
}

TEST(AttemptTracker, AMissingFlightWaitsOnTheNode) {
  Scene s;
  kAnna.Ice(s).In(kHost, Handshake(1, 0)).Wait(1).In(kHost, Handshake(1, 0)).Wait(0.25);
  EXPECT_EQ(s.Find("NODE").waiting_on, WaitingOn::kNode);
}

TEST(AttemptTracker, AtTheDeadlineAPeerThatStillSendsHasStalled) {
  Scene s;
  kAnna.Ice(s).In(kHost, Handshake(1, 0)).Out(kHost, Handshake(2, 0));
  s.Wait(5);
  kAnna.Ice(s, 2).Wait(5.25);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kStalled);
  EXPECT_EQ(s.counts().stalled[CANDOR_WAITING_ON_PEER], 1u);
}

TEST(AttemptTracker, AtTheDeadlineASilentPeerHasLeft) {
  Scene s;
  kAnna.Ice(s).Wait(10.25);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kLeft);
  EXPECT_EQ(s.events().back().outcome, Outcome::kLeft);
}

TEST(AttemptTracker, APeerThatGaveUpOnASilentNodeHasNotLeft) {
  Scene s;
  kAnna.Ice(s).In(kHost, Handshake(1, 0)).Wait(10.25);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kStalled);
  EXPECT_EQ(s.counts().stalled[CANDOR_WAITING_ON_NODE], 1u);
}

TEST(AttemptTracker, ChecksThatTheNodeNeverAnsweredAreCountedApart) {
  Scene s;
  s.In(kHost, Check("NODE:anna", 1, false)).Wait(10.25);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kUnanswered);
  EXPECT_EQ(s.counts().attempts, 0u);
  EXPECT_EQ(s.counts().unanswered, 1u);
}

TEST(AttemptTracker, ACheckThatIsNeverRepeatedIsNotOffered) {
  Scene s;
  s.In(kHost, Check("NODE:anna", 1, false)).Wait(70);
  EXPECT_TRUE(s.events().empty());
  EXPECT_EQ(s.counts().unanswered, 1u);
}

TEST(AttemptTracker, AnAlertDuringTheHandshakeIsARefusalAtOnce) {
  Scene s;
  kAnna.Ice(s).In(kHost, Handshake(1, 0)).Out(kHost, Handshake(2, 0)).In(kHost, PlainAlert(42));
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kRefused);
  EXPECT_EQ(s.Find("NODE").alert, 42);
}

TEST(AttemptTracker, A401MakesARefusalOfACheck) {
  Scene s;
  s.In(kHost, Check("NODE:anna", 1, false)).Out(kHost, CheckError(1, 401)).Wait(10.25);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kRefused);
  EXPECT_EQ(s.Find("NODE").stun_error, 401);
}

TEST(AttemptTracker, AnIceRestartReplacesThePendingAttempt) {
  Scene s;
  kAnna.Ice(s);
  const Client restarted{kHost, "NEW:anna"};
  restarted.Up(s);
  s.In(kHost, Check("NODE:anna", 9, false));  // a late check of the old generation
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kReplaced);
  EXPECT_EQ(s.Find("NEW").outcome, Outcome::kActive);
  EXPECT_EQ(s.counts().attempts, 1u) << "only the replacing one is an attempt";
  EXPECT_EQ(s.counts().replaced, 1u);
}

TEST(AttemptTracker, AnIceRestartOfAnActiveAttemptLeavesItActive) {
  Scene s;
  kAnna.Up(s);
  const Client restarted{kHost, "NEW:anna"};
  restarted.Ice(s, 3);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
  EXPECT_EQ(s.counts().replaced, 0u);
}

TEST(AttemptTracker, SilenceAfterNominationWaitsOnTheLikelyDtlsClient) {
  Scene s;
  for (uint16_t i = 0; i < 8; ++i) {  // this node is the DTLS client of all its attempts
    const FlowKey k = KeyOf("192.0.2.1", 7882, "198.51.100.7", static_cast<uint16_t>(41000 + i));
    const Client c{k, "N" + std::to_string(i) + ":x"};
    const Bytes finished = DtlsRecord(22, 1, Bytes(40, 9));
    c.Ice(s)
        .Out(k, Handshake(1, 0))
        .In(k, Handshake(2, 0))
        .Out(k, Handshake(16, 1) + finished)
        .In(k, finished);
    c.Media(s);
  }
  kAnna.Ice(s).Wait(1.25);
  EXPECT_EQ(s.Find("NODE").waiting_on, WaitingOn::kNode);
}

TEST(AttemptTracker, TheNodeThatFallsSilentWithin30SecondsDropsEarly) {
  Scene s;
  kAnna.Up(s);
  for (uint16_t i = 0; i < 24; ++i) s.Wait(0.5).In(kHost, Rtp(7, static_cast<uint16_t>(101 + i)));
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kEarlyDrop);
  EXPECT_EQ(s.Count(Kind::kDead), 1u);
}

TEST(AttemptTracker, APeerThatFallsSilentIsNoEarlyDrop) {
  Scene s;
  kAnna.Up(s).Wait(66);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
  EXPECT_EQ(s.counts().early_drop, 0u);
  EXPECT_EQ(s.events().back().kind, Kind::kClosed);
}

TEST(AttemptTracker, AnIdleAttemptEndsAndItsFlowIsForgotten) {
  Scene s;
  kAnna.Up(s);
  EXPECT_EQ(s.flows(), 1u);
  s.Wait(66);
  EXPECT_EQ(s.flows(), 0u);
  EXPECT_NE(s.Find("NODE").ended, Time{});
}

TEST(AttemptTracker, UnacknowledgedAttemptsAreEvictedFirst) {
  AttemptOptions options;
  options.max_attempts = 2;
  Scene s(options);
  kAnna.Up(s);
  for (uint16_t i = 0; i < 5; ++i) {
    const FlowKey k = KeyOf("192.0.2.1", 7882, "203.0.113.9", static_cast<uint16_t>(2000 + i));
    s.In(k, Check("F" + std::to_string(i) + ":x", 1, false));
  }
  EXPECT_EQ(s.Find("NODE").ended, Time{});
  EXPECT_EQ(s.counts().evicted, 4u);
}

// A ClientHello makes media protected media, and what carries it both ways is real, even without the
// node's flight.
TEST(AttemptTracker, WhatIsActiveIsAnAttemptWhateverWasMissedBefore) {
  Scene s;
  const FlowKey k = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40001);
  s.In(k, Handshake(1, 0)).In(k, Rtp(7, 100)).Out(k, Rtp(8, 200)).Wait(0.5);
  EXPECT_EQ(s.counts().active, 1u);
  EXPECT_EQ(s.counts().attempts, 1u);
  ASSERT_GE(s.events().size(), 2u);
  EXPECT_EQ(s.events()[0].kind, AttemptEvent::Kind::kOffered);
  EXPECT_EQ(s.Count(Kind::kAcknowledged), 0u);
  EXPECT_EQ(s.Count(Kind::kActive), 1u);
}

TEST(AttemptTracker, AFlowThatLeavesForAFullAttemptIsNotRememberedForEver) {
  Scene s;
  const auto from = [](uint16_t port) { return KeyOf("192.0.2.1", 7882, "198.51.100.7", port); };
  for (uint16_t i = 0; i < 100; ++i) {
    s.In(from(static_cast<uint16_t>(41000 + i)), Check("full:peer", static_cast<uint8_t>(i), false));
  }
  for (const uint16_t port : std::initializer_list<uint16_t>{40001, 40002})
    s.In(from(port), Check("left:peer", 1, false));
  s.In(from(40001), Check("full:peer", 2, false)).Wait(75);
  EXPECT_EQ(s.tracker().Flows(1000).size(), 0u);
}

}  // namespace
}  // namespace candor
