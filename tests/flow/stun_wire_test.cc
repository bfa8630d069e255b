// SPDX-License-Identifier: Apache-2.0
// bpf/stun.h and bpf/flow_ice.h: STUN as bytes, and the state of the flow.
#include <gtest/gtest.h>

#include <array>

#include "tests/packets/turn_packets.h"
#include "wire.h"

namespace candor {
namespace {

TEST(StunWire, AnIndicationIsCountedAndNeedsNoAnswer) {
  Wire w;
  w.Nominated().In(Stun(0x0011, 9, {})).Out(Stun(0x0011, 9, {}));
  EXPECT_EQ(w.count(CANDOR_C_STUN), 4u);
  EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_NONE);
  EXPECT_EQ(w.flow().ice.node_ns, 0u);
  EXPECT_EQ(w.flow().checks_in, 1);
}

TEST(StunWire, UsernameCountsInRequestsOnlyBecauseLibniceEchoesItInAnswers) {
  Wire w;
  const Bytes echo = Attribute(0x0006, Text("other:peer"));
  w.Nominated().Out(Stun(0x0101, 1, echo)).In(Stun(0x0011, 2, echo));
  EXPECT_EQ(UfragText(w.flow()), "node");
  EXPECT_EQ(w.flow().generation, 0);
}

TEST(StunWire, TheNodesHalfIsTheFirstInwardsAndTheSecondOutwards) {
  Wire in, out;
  in.In(Check("node:peer", 1, false));
  out.Out(Check("peer:node", 1, false));
  EXPECT_EQ(UfragText(in.flow()), "node");
  EXPECT_EQ(in.flow().ufrag_hash, out.flow().ufrag_hash);
}

TEST(StunWire, BothHalvesDistinguishTheClientsOfAServerWithOneUfrag) {
  Wire one, other, swapped;
  one.In(Check("node:ann", 1, false));
  other.In(Check("node:ben", 1, false));
  swapped.In(Check("ann:node", 1, false));
  EXPECT_NE(one.flow().ufrag_hash, other.flow().ufrag_hash);
  EXPECT_NE(one.flow().ufrag_hash, swapped.flow().ufrag_hash);
  EXPECT_EQ(UfragText(other.flow()), "node");
  one.Out(Check("ann:node", 2, false)).In(Check("node:ann", 3, false));
  EXPECT_EQ(one.flow().generation, 0);
  one.In(Check("node:ben", 4, false));  // another client on the same 5-tuple
  EXPECT_EQ(one.flow().generation, 1);
  EXPECT_EQ(one.flow().ufrag_hash, other.flow().ufrag_hash);
}

TEST(StunWire, ANameLongerThanWhatIsReadBeginsNoGenerationByItsOtherHalf) {
  const std::string node(100, 'n'), peer(100, 'p');
  Wire w;
  w.In(Check(node + ":" + peer, 1, false)).Out(Check(peer + ":" + node, 2, false));
  EXPECT_EQ(w.flow().generation, 0);
  EXPECT_EQ(w.count(CANDOR_C_USERNAME_CUT), 2u);
}

TEST(StunWire, APairIsSeenToBeginByThePaceOfItsChecks) {
  for (const candor_dir dir : {CANDOR_IN, CANDOR_OUT}) {
    Wire fresh, used;
    const auto check = [&](Wire& w, uint8_t id) {
      dir == CANDOR_IN ? w.In(Check("node:peer", id, true)) : w.Out(Check("peer:node", id, true));
    };
    check(fresh, 1);
    EXPECT_FALSE(fresh.has(CANDOR_F_BEGAN));
    check(fresh.Wait(460), 2);
    EXPECT_TRUE(fresh.has(CANDOR_F_BEGAN));
    for (uint8_t id = 1; id < 20; ++id) check(used.Wait(880), id);  // libwebrtc's fastest pace in use
    EXPECT_FALSE(used.has(CANDOR_F_BEGAN));
  }
}

TEST(StunWire, ConsentBothWaysShowsNoBeginning) {
  Wire w;
  for (uint8_t id = 0; id < 20; ++id) {
    w.Wait(2480).In(Check("node:peer", id, true)).Out(CheckAnswer(id));
    w.Out(Check("peer:node", static_cast<uint8_t>(100 + id), false))
        .In(CheckAnswer(static_cast<uint8_t>(100 + id)));
  }
  EXPECT_FALSE(w.has(CANDOR_F_BEGAN));
}

TEST(StunWire, TheSameCheckAgainANewUfragAnAllocateAndAHandshakeAreBeginnings) {
  Wire in, out, restarted, handshake, allocated;
  in.In(Check("node:peer", 1, false)).Wait(3000).In(Check("node:peer", 1, false));
  out.Out(Check("peer:node", 1, false)).Wait(3000).Out(Check("peer:node", 1, false));
  restarted.In(Check("node:peer", 1, false)).Wait(3000).In(Check("node2:peer2", 2, false));
  handshake.In(Check("node:peer", 1, false)).Out(Handshake(1, 0));
  allocated.In(Allocate(1, false));
  for (const Wire& w : {in, out, restarted, handshake, allocated}) EXPECT_TRUE(w.has(CANDOR_F_BEGAN));
}

TEST(StunWire, ACopyOfACheckIsNoRetransmission) {
  Wire in, out;
  const Bytes check = Check("node:peer", 1, true);
  in.At(20, CANDOR_IN, check).At(21, CANDOR_OUT, CheckAnswer(1)).At(22, CANDOR_IN, check);
  out.Out(Check("peer:node", 1, false)).Out(Check("peer:node", 1, false));
  EXPECT_FALSE(out.has(CANDOR_F_BEGAN));
  EXPECT_FALSE(in.has(CANDOR_F_BEGAN));
  EXPECT_EQ(in.flow().path_ns, 0u);
  EXPECT_EQ(in.flow().checks_in, 1);
  Wire allocation;
  allocation.In(Allocate(1, false)).In(Allocate(1, false));
  EXPECT_EQ(allocation.flow().checks_in, 1);
}

TEST(StunWire, OnlyTheFirstCheckOfAPairShowsItsBeginningByComingAgain) {
  Wire used;
  for (uint8_t id = 1; id <= 4; ++id) used.Wait(2500).In(Check("node:peer", id, false)).Out(CheckAnswer(id));
  used.Wait(500).In(Check("node:peer", 4, false));  // its answer was lost
  EXPECT_FALSE(used.has(CANDOR_F_BEGAN));
}

TEST(StunWire, ARetransmissionAndANewTransactionContinueTheSameWait) {
  Wire w;
  w.In(Check("node:peer", 1, false));
  const uint64_t since = w.flow().ice.node_ns;
  w.Wait(480).In(Check("node:peer", 1, false)).In(Check("node:peer", 2, false));
  EXPECT_EQ(w.flow().ice.node_ns, since);
  EXPECT_EQ(w.flow().repeats, 0);  // nothing was answered yet
  EXPECT_EQ(w.flow().checks_in, 3);
}

TEST(StunWire, ARepetitionAfterTheAnswerWaitsOnThePathAndBeforeItOnTheNode) {
  Wire answered, unanswered;
  answered.Nominated().Wait(460).In(Check("node:peer", 1, true));
  unanswered.In(Check("node:peer", 1, true)).Wait(480).In(Check("node:peer", 1, true));
  EXPECT_EQ(answered.flow().waiting_on, CANDOR_WAITING_ON_PATH);
  EXPECT_EQ(unanswered.flow().waiting_on, CANDOR_WAITING_ON_NODE);
}

TEST(StunWire, AnAnswerToAnOlderCheckRestartsTheWaitForTheNewest) {
  Wire w;
  w.In(Check("node:peer", 1, false)).In(Check("node:peer", 2, false)).Out(CheckAnswer(1));
  EXPECT_TRUE(w.has(CANDOR_F_ACKNOWLEDGED));
  EXPECT_EQ(w.flow().ice.node_ns, w.now());
}

TEST(StunWire, ARoleConflictIsAnAnswerAndTheNextCheckGoesOn) {
  Wire w;
  w.In(Check("node:peer", 1, false)).Out(CheckError(1, 487));
  EXPECT_EQ(w.flow().stun_error, 487);
  EXPECT_EQ(w.flow().ice.node_ns, 0u);
  w.In(Check("node:peer", 2, true)).Out(CheckAnswer(2));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NOMINATED);
}

TEST(StunWire, A4xxEndsTheWaitForTheNodeAndA5xxDoesNot) {
  for (const int code : {300, 400, 401, 487}) {
    Wire w;
    w.In(Check("node:peer", 1, false)).Out(CheckError(1, code));
    EXPECT_EQ(w.flow().ice.node_ns, 0u) << code;
  }
  Wire w;
  w.In(Check("node:peer", 1, false)).Out(CheckError(1, 500));
  EXPECT_NE(w.flow().ice.node_ns, 0u);
  EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_NODE);
  EXPECT_FALSE(w.has(CANDOR_F_ACKNOWLEDGED));  // any sender can cause it
}

TEST(StunWire, A5xxWithIntegrityAcknowledgesTheSender) {
  Wire w;
  const Bytes error = Attribute(0x0009, {0, 0, 5, 0}) + Attribute(0x0008, Bytes(20, 1));
  w.In(Check("node:peer", 1, false)).Out(Stun(0x0111, 1, error));
  EXPECT_TRUE(w.has(CANDOR_F_ACKNOWLEDGED));
  EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_NODE);
}

TEST(StunWire, AnErrorForAnotherTransactionEndsNoWait) {
  Wire w;
  w.In(Check("node:peer", 1, false)).Out(CheckError(2, 401));
  EXPECT_NE(w.flow().ice.node_ns, 0u);
  EXPECT_EQ(w.flow().stun_error, 0);
}

TEST(StunWire, TheNodesCheckWaitsOnThePeerUntilItsOwnTransactionIsAnswered) {
  Wire w;
  w.Out(Check("peer:node", 1, true)).In(CheckAnswer(2));
  EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_PEER);
  w.In(CheckAnswer(1));
  EXPECT_TRUE(w.has(CANDOR_F_PEER_ANSWERED));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NOMINATED);
}

TEST(StunWire, ConsentChecksOfAnActiveFlowAreAnsweredInSilence) {
  Wire w;
  const Bytes data = DtlsRecord(23, 1, Bytes(30, 1));
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).In(data).Out(data);
  ASSERT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
  const int events = w.events();
  for (uint8_t t = 10; t < 20; ++t) w.In(Check("node:peer", t, false)).Out(CheckAnswer(t));
  EXPECT_EQ(w.events(), events);
  EXPECT_EQ(w.flow().ice.node_ns, 0u);
  EXPECT_EQ(w.flow().checks_answered, 11);
}

TEST(StunWire, ARestartIsANewGenerationAndLateChecksOfTheOldOneDoNotBringItBack) {
  Wire w;
  w.Nominated().In(Check("NEW:peer", 2, false)).In(Check("node:peer", 3, false));
  EXPECT_EQ(w.flow().generation, 1);
  EXPECT_EQ(UfragText(w.flow()), "NEW");
  EXPECT_EQ(w.phase(), CANDOR_PHASE_OFFERED);
}

TEST(StunWire, AttributesBeyondTheWalkAreCounted) {
  Bytes attributes;
  for (int i = 0; i < 17; ++i) attributes = attributes + Attribute(0x8022, Text("soft"));
  Wire w;
  w.In(Stun(0x0001, 1, attributes));
  EXPECT_EQ(w.count(CANDOR_C_ATTRS_CUT), 1u);
}

TEST(StunWire, AUsernameBeyondWhatIsReadIsCountedAndStillDistinguishesNodes) {
  Wire w;
  w.In(Check("node:" + std::string(200, 'x'), 1, false));
  EXPECT_EQ(w.count(CANDOR_C_USERNAME_CUT), 1u);
  EXPECT_EQ(UfragText(w.flow()), "node");
}

TEST(StunWire, DtlsInsideOfStunNeedsNoHandshakeOfItsOwn) {
  for (const uint16_t type : std::array<uint16_t, 2>{0xC070, 0xC071}) {
    Wire w;
    w.In(Stun(0x0001, 1, Attribute(0x0006, Text("node:peer")) + Attribute(type, Bytes(40, 22))))
        .Out(CheckAnswer(1));
    EXPECT_TRUE(w.has(CANDOR_F_SPED));
    w.In(Rtp(7, 1)).Out(Rtp(8, 1));
    EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
  }
}

}  // namespace
}  // namespace candor
