// SPDX-License-Identifier: Apache-2.0
// The node is a TURN server: an allocation is an attempt.
#include <gtest/gtest.h>

#include "scene.h"
#include "tests/packets/turn_packets.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

const FlowKey kClient = KeyOf("192.0.2.1", 3478, "198.51.100.7", 40000);
const FlowKey kOutside = KeyOf("192.0.2.1", 50001, "203.0.113.9", 50000);
constexpr char kName[] = "50001";

// The normal way to an allocation: refused without credentials, repeated with them, granted.
Scene& Allocated(Scene& s, const FlowKey& client = kClient, uint16_t port = 50001) {
  return s.In(client, Allocate(1, false))
      .Out(client, TurnError(3, 1, 401, false))
      .In(client, Allocate(2, true))
      .Out(client, AllocateSuccess(2, "192.0.2.1", port));
}

Scene& Permitted(Scene& s, const FlowKey& client = kClient, uint16_t port = 50001) {
  return Allocated(s, client, port).In(client, Permit(3)).Out(client, TurnSuccess(8, 3));
}

// One packet of the client's to the peer, and one back.
Scene& Outwards(Scene& s, const Bytes& inner) {
  return s.In(kClient, SendIndication(inner)).Out(kOutside, inner);
}
Scene& Inwards(Scene& s, const Bytes& inner) {
  return s.In(kOutside, inner).Out(kClient, ChannelData(inner));
}

Scene& Relaying(Scene& s) {
  Permitted(s);
  Outwards(s, Check("peer:anna", 4, true));
  Inwards(s, CheckAnswer(4));
  Outwards(s, Rtp(7, 1));
  return Inwards(s, Rtp(8, 1));
}

// Another client's call, so that the relayed addresses are known to be followed.
void AnotherCall(Scene& s) {
  const FlowKey client = KeyOf("192.0.2.1", 3478, "198.51.100.8", 40000);
  const FlowKey outside = KeyOf("192.0.2.1", 50777, "203.0.113.9", 50000);
  Permitted(s, client, 50777)
      .In(client, ChannelData(Check("peer:bob", 4, true)))
      .Out(outside, Check("peer:bob", 4, true))
      .In(client, ChannelData(Rtp(7, 1)))
      .Out(outside, Rtp(7, 1))
      .In(outside, Rtp(8, 1))
      .Out(client, ChannelData(Rtp(8, 1)));
}

TEST(TurnServer, AnAllocationThatRelaysBothWaysIsOneActiveAttemptUnderItsPort) {
  Scene s;
  Relaying(s);
  EXPECT_EQ(s.Find(kName).outcome, Outcome::kActive);
  EXPECT_TRUE(s.Find(kName).acknowledged);
  EXPECT_EQ(s.Find(kName).flows, 2u);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.counts().offered, 1u);
  EXPECT_EQ(s.counts().active, 1u);
  ASSERT_EQ(s.events().size(), 3u);
  EXPECT_EQ(s.events()[0].kind, Kind::kOffered);
  EXPECT_EQ(s.events()[1].kind, Kind::kAcknowledged);
  EXPECT_EQ(s.events()[2].kind, Kind::kActive);
}

TEST(TurnServer, TheFirst401AndAStaleNonceAreNoRefusal) {
  Scene s;
  s.In(kClient, Allocate(1, false)).Out(kClient, TurnError(3, 1, 401, false));
  s.In(kClient, Allocate(2, true)).Out(kClient, TurnError(3, 2, 438, false)).Wait(0.25);
  EXPECT_EQ(s.Find("3478").stun_error, 0);
  s.In(kClient, Allocate(3, true)).Out(kClient, AllocateSuccess(3, "192.0.2.1", 50001));
  EXPECT_EQ(s.Find(kName).phase, Phase::kAnswered);
  EXPECT_EQ(s.Find(kName).stun_error, 0);
}

TEST(TurnServer, AnAllocationThatIsNeverUsedIsNoFailureAndNoEvidence) {
  Scene s;
  Permitted(s).Wait(300);
  EXPECT_EQ(s.Find(kName).outcome, Outcome::kPending);
  EXPECT_TRUE(s.events().empty());
  s.Wait(330);
  EXPECT_EQ(s.Find(kName).outcome, Outcome::kLeft);
  EXPECT_EQ(s.counts().left, 1u);
  EXPECT_TRUE(s.events().empty());
}

TEST(TurnServer, AnAllocationFromAPoolIsActiveOnceItIsUsedMinutesLater) {
  Scene s;
  Allocated(s).Wait(200);
  s.In(kClient, Refresh(5, 600)).Out(kClient, TurnSuccess(4, 5)).Wait(100);
  s.In(kClient, Permit(6)).Out(kClient, TurnSuccess(8, 6));
  Outwards(s, Rtp(7, 1));
  Inwards(s, Rtp(8, 1));
  EXPECT_EQ(s.Find(kName).outcome, Outcome::kActive);
  ASSERT_EQ(s.events().size(), 3u);
  EXPECT_EQ(s.events()[0].at, s.events()[2].at);  // set up at once, whenever it was allocated
}

TEST(TurnServer, ChecksToAPeerThatNeverAnswersAreNoEvidence) {
  Scene s;
  AnotherCall(s);
  const size_t before = s.events().size();
  Permitted(s);
  for (uint8_t i = 10; i < 30; ++i) Outwards(s, Check("peer:anna", i, false)).Wait(0.5);
  EXPECT_EQ(s.Find(kName).waiting_on, WaitingOn::kNone);
  EXPECT_EQ(s.events().size(), before);
}

TEST(TurnServer, AnAllocateWithoutAnAnswerWaitsOnTheNode) {
  Scene s;
  for (int i = 0; i < 3; ++i) s.In(kClient, Allocate(1, false)).Wait(0.5);
  EXPECT_EQ(s.Find("3478").waiting_on, WaitingOn::kNode);
  EXPECT_EQ(s.Count(Kind::kOffered), 1u);
  EXPECT_EQ(s.Count(Kind::kWaitingOn), 1u);
  s.Wait(10);
  EXPECT_EQ(s.Find("3478").outcome, Outcome::kUnanswered);  // never acknowledged: it can be forged
  EXPECT_EQ(s.counts().attempts, 0u);
}

TEST(TurnServer, AScannersSingleAllocateIsNotOffered) {
  Scene s;
  s.In(kClient, Allocate(1, false)).Wait(70);
  EXPECT_TRUE(s.events().empty());
}

TEST(TurnServer, After508OfAServerWithoutCapacityTheAttemptWaitsOnTheNode) {
  for (const bool authenticated : {true, false}) {
    Scene s;
    s.In(kClient, Allocate(1, false)).Out(kClient, TurnError(3, 1, 401, false));
    s.In(kClient, Allocate(2, true)).Out(kClient, TurnError(3, 2, 508, authenticated)).Wait(10.25);
    EXPECT_EQ(s.Find("3478").stun_error, 508);
    EXPECT_EQ(s.Find("3478").outcome, Outcome::kStalled);
    EXPECT_EQ(s.Find("3478").waiting_on, WaitingOn::kNode);
    EXPECT_EQ(s.counts().stalled[CANDOR_WAITING_ON_NODE], 1u);
    EXPECT_EQ(s.counts().attempts, 1u);
  }
}

TEST(TurnServer, A500ToARequestWithoutCredentialsAcknowledgesNothing) {
  Scene s;
  s.In(kClient, Allocate(1, false)).Out(kClient, TurnError(3, 1, 500, false)).Wait(10.25);
  EXPECT_EQ(s.Find("3478").outcome, Outcome::kUnanswered);
  EXPECT_EQ(s.counts().attempts, 0u);
}

TEST(TurnServer, WrongCredentialsAreARefusal) {
  for (const int code : {401, 441, 486}) {
    Scene s;
    s.In(kClient, Allocate(1, false)).Out(kClient, TurnError(3, 1, 401, false));
    s.In(kClient, Allocate(2, true)).Out(kClient, TurnError(3, 2, code, false)).Wait(0.5);
    EXPECT_EQ(s.Find("3478").outcome, Outcome::kPending) << "it may try again at once";
    s.Wait(1);
    EXPECT_EQ(s.Find("3478").outcome, Outcome::kRefused) << code;
    EXPECT_EQ(s.Find("3478").stun_error, code);
    ASSERT_FALSE(s.events().empty()) << "a node that refuses all clients is evidence";
    EXPECT_EQ(s.events().front().kind, Kind::kOffered);
    EXPECT_EQ(s.events().back().outcome, Outcome::kRefused);
  }
}

TEST(TurnServer, ARefusedClientThatGivesOtherCredentialsIsOneThatComesUp) {
  Scene s;
  s.In(kClient, Allocate(1, false)).Out(kClient, TurnError(3, 1, 401, false));
  s.In(kClient, Allocate(2, true)).Out(kClient, TurnError(3, 2, 401, false)).Wait(3);
  ASSERT_EQ(s.Find("3478").outcome, Outcome::kRefused);
  s.In(kClient, Allocate(3, true)).Out(kClient, AllocateSuccess(3, "192.0.2.1", 50001));
  s.In(kClient, Permit(4)).Out(kClient, TurnSuccess(8, 4));
  Relaying(s);
  EXPECT_EQ(s.Find(kName).outcome, Outcome::kActive);
  EXPECT_EQ(s.counts().active, 1u);
}

TEST(TurnServer, TheSameAllocateAfterItsAnswerWaitsOnThePath) {
  Scene s;
  Allocated(s).Wait(0.5).In(kClient, Allocate(2, true)).Wait(1.25);
  EXPECT_EQ(s.Find(kName).waiting_on, WaitingOn::kPath);
  s.Wait(10);
  EXPECT_EQ(s.Find(kName).outcome, Outcome::kStalled);
  EXPECT_EQ(s.counts().stalled[CANDOR_WAITING_ON_PATH], 1u);
}

TEST(TurnServer, ClientPacketsThatTheServerDoesNotForwardWaitOnTheNode) {
  Scene s;
  AnotherCall(s);
  Permitted(s);
  for (uint8_t i = 10; i < 16; ++i) s.In(kClient, SendIndication(Check("peer:anna", i, false))).Wait(0.5);
  EXPECT_EQ(s.Find(kName).waiting_on, WaitingOn::kNode);
  s.Wait(10);
  EXPECT_EQ(s.Find(kName).outcome, Outcome::kStalled);
}

TEST(TurnServer, WhereRelayedAddressesAreNotVisibleTheirSilenceIsNoEvidence) {
  Scene s;
  Permitted(s);
  for (uint8_t i = 10; i < 16; ++i) s.In(kClient, SendIndication(Check("peer:anna", i, false))).Wait(0.5);
  EXPECT_EQ(s.Find(kName).waiting_on, WaitingOn::kNone);
}

TEST(TurnServer, WhatAClientSendsWithoutAPermissionIsDroppedByRight) {
  Scene s;
  AnotherCall(s);
  Allocated(s);
  for (uint8_t i = 10; i < 16; ++i) s.In(kClient, SendIndication(Check("peer:anna", i, false))).Wait(0.5);
  EXPECT_EQ(s.Find(kName).waiting_on, WaitingOn::kNone);
}

TEST(TurnServer, PeerPacketsThatTheServerDoesNotDeliverWaitOnTheNode) {
  Scene s;
  Permitted(s);
  Outwards(s, Check("peer:anna", 4, true));
  for (uint8_t i = 10; i < 16; ++i) s.In(kOutside, Check("anna:peer", i, false)).Wait(0.5);
  EXPECT_EQ(s.Find(kName).waiting_on, WaitingOn::kNode);
}

TEST(TurnServer, PacketsWithoutAPermissionMayBeDropped) {
  Scene s;
  Permitted(s);
  for (uint8_t i = 10; i < 16; ++i) s.In(kOutside, Check("anna:peer", i, false)).Wait(0.5);
  EXPECT_EQ(s.Find(kName).waiting_on, WaitingOn::kNone);
  EXPECT_EQ(s.counts().offered, 1u);
}

TEST(TurnServer, ARelayThatFallsSilentWithin30SecondsDropsEarly) {
  Scene s;
  Relaying(s);
  for (uint16_t i = 2; i < 12; ++i) s.Wait(0.5).In(kClient, ChannelData(Rtp(7, i)));
  EXPECT_EQ(s.Find(kName).outcome, Outcome::kEarlyDrop);
}

TEST(TurnServer, ChecksThatPassBothWaysDoNotMakeItActive) {
  Scene s;
  Permitted(s);
  Outwards(s, Check("peer:anna", 4, true));
  Inwards(s, CheckAnswer(4));
  Outwards(s, Handshake(1, 0));
  Inwards(s, Handshake(2, 0));
  s.Wait(20);
  EXPECT_EQ(s.Find(kName).phase, Phase::kNominated);
  EXPECT_EQ(s.Find(kName).outcome, Outcome::kPending);  // another pair won: no failure
  EXPECT_TRUE(s.events().empty());
}

TEST(TurnServer, WhateverIsRelayedBothWaysMakesItActive) {
  Scene s;
  Permitted(s);
  s.In(kClient, ChannelData(Bytes(20, 100))).Out(kClient, DataIndication(Bytes(20, 1)));
  EXPECT_EQ(s.Find(kName).outcome, Outcome::kActive);
}

TEST(TurnServer, ARefreshOfNothingEndsTheAllocationAndANewOneIsAnotherAttempt) {
  Scene s;
  Allocated(s).In(kClient, Refresh(5, 0)).Out(kClient, TurnSuccess(4, 5)).Wait(0.25);
  EXPECT_EQ(s.Find(kName).outcome, Outcome::kLeft);
  Allocated(s, kClient, 50002);
  EXPECT_EQ(s.Find("50002").outcome, Outcome::kPending);
  EXPECT_EQ(s.counts().offered, 2u);
  EXPECT_EQ(s.counts().left, 1u);
}

TEST(TurnServer, AnEmbeddedServersAllocationDoesNotCountBesideTheMediaItCarries) {
  Scene s;
  const FlowKey outside = KeyOf("192.0.2.1", 50001, "192.0.2.1", 7882);
  const FlowKey media = KeyOf("192.0.2.1", 7882, "192.0.2.1", 50001);
  const Client sfu{media, "SFU:anna"};
  Permitted(s);
  const auto relay = [&](const Bytes& inner) {
    s.In(kClient, ChannelData(inner)).Out(outside, inner).In(media, inner);
  };
  const auto back = [&](const Bytes& inner) {
    s.Out(media, inner).In(outside, inner).Out(kClient, ChannelData(inner));
  };
  const Bytes finished = DtlsRecord(22, 1, Bytes(40, 9));
  relay(Check("SFU:anna", 9, true));
  back(CheckAnswer(9));
  relay(Handshake(1, 0));
  back(Handshake(2, 0));
  relay(Handshake(16, 1) + finished);
  back(finished);
  relay(Rtp(7, 1));
  back(Rtp(8, 1));
  s.Wait(1);
  EXPECT_EQ(s.Find("SFU").outcome, Outcome::kActive);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.counts().active, 1u);
  EXPECT_EQ(s.Count(Kind::kActive), 1u);
}

TEST(TurnServer, TwoClientsOfOneServerAreTwoAttempts) {
  Scene s;
  const FlowKey other = KeyOf("192.0.2.1", 3478, "198.51.100.8", 40000);
  const FlowKey there = KeyOf("192.0.2.1", 50001, "192.0.2.1", 50002);
  const FlowKey here = KeyOf("192.0.2.1", 50002, "192.0.2.1", 50001);
  Permitted(s);
  Permitted(s, other, 50002);
  s.In(kClient, ChannelData(Rtp(7, 1))).Out(there, Rtp(7, 1)).In(here, Rtp(7, 1));
  s.Out(other, ChannelData(Rtp(7, 1))).In(other, ChannelData(Rtp(8, 1)));
  s.Out(here, Rtp(8, 1)).In(there, Rtp(8, 1)).Out(kClient, ChannelData(Rtp(8, 1)));
  EXPECT_EQ(s.counts().attempts, 2u);
  EXPECT_EQ(s.counts().active, 2u);
}

}  // namespace
}  // namespace candor
