// SPDX-License-Identifier: Apache-2.0
// bpf/dtls.h and bpf/flow_dtls.h: DTLS 1.2 and 1.3 as bytes, and the state of the flow.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/packets/dtls_packets.h"
#include "wire.h"

namespace candor {
namespace {

const Bytes kFinished = DtlsRecord(22, 1, Bytes(40, 9));
const Bytes kData = DtlsRecord(23, 1, Bytes(30, 1));

Wire Greeted13() {
  Wire w;
  w.Nominated()
      .In(Handshake(1, 0))
      .Out(Handshake(2, 0) + Hidden(2, 700))
      .In(Hidden(2, 61))
      .Out(Hidden(3, 35));
  return w;
}

TEST(DtlsWire, EitherSideMayBeTheClient) {
  Wire peer, node;
  peer.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).In(kFinished).Out(kFinished);
  node.Nominated().Out(Handshake(1, 0)).In(Handshake(2, 0)).Out(kFinished).In(kFinished);
  EXPECT_TRUE(peer.has(CANDOR_F_PEER_CLIENT));
  EXPECT_TRUE(node.has(CANDOR_F_NODE_CLIENT));
  EXPECT_EQ(peer.phase(), CANDOR_PHASE_SECURED);
  EXPECT_EQ(node.phase(), CANDOR_PHASE_SECURED);
}

TEST(DtlsWire, SeveralRecordsInOneDatagramAreAllRead) {
  Wire w;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0) + Handshake(11, 1) + Handshake(14, 2));
  EXPECT_EQ(w.flow().hs[CANDOR_OUT], 3);
  w.In(Handshake(16, 1) + DtlsRecord(20, 0, {1}) + kFinished);
  EXPECT_TRUE(w.has(CANDOR_F_EPOCH_IN));
}

const Bytes kKeys = Handshake(11, 1) + Handshake(16, 2) + DtlsRecord(20, 0, {1}) + kFinished;
const Bytes kTicket = Handshake(4, 3) + DtlsRecord(20, 0, {1}) + kFinished;

TEST(DtlsWire, WhereASnapLengthHidesTheFinishedTheServersLastFlightShowsIt) {
  Wire node, peer;  // which of them is the client
  node.Nominated().Out(Handshake(1, 0)).In(Handshake(2, 0) + Handshake(11, 1) + Handshake(14, 2));
  node.Cut(CANDOR_OUT, kKeys, 30);
  EXPECT_EQ(node.flow().waiting_on, CANDOR_WAITING_ON_PEER);
  node.Cut(CANDOR_IN, kTicket, 30);
  EXPECT_EQ(node.phase(), CANDOR_PHASE_SECURED);
  EXPECT_EQ(node.flow().waiting_on, CANDOR_WAITING_ON_NONE);

  peer.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).Cut(CANDOR_IN, kKeys, 30);
  EXPECT_EQ(peer.flow().waiting_on, CANDOR_WAITING_ON_NODE);
  peer.Out(DtlsRecord(20, 0, {1}) + kFinished);  // without a ticket
  EXPECT_EQ(peer.phase(), CANDOR_PHASE_SECURED);
  EXPECT_EQ(peer.flow().waiting_on, CANDOR_WAITING_ON_NONE);
}

TEST(DtlsWire, AServersTicketAloneEndsNoHandshake) {
  Wire resumed, forged;
  resumed.Nominated().Out(Handshake(1, 0)).In(Handshake(2, 0) + kTicket);  // RFC 5077 section 3.1
  EXPECT_EQ(resumed.phase(), CANDOR_PHASE_NOMINATED);
  EXPECT_EQ(resumed.flow().waiting_on, CANDOR_WAITING_ON_NODE);
  forged.Nominated().In(Handshake(1, 0)).In(kKeys).In(kTicket);
  EXPECT_EQ(forged.phase(), CANDOR_PHASE_NOMINATED);
  EXPECT_EQ(forged.flow().waiting_on, CANDOR_WAITING_ON_NODE);
}

TEST(DtlsWire, AHelloVerifyRequestAcknowledgesNothing) {
  Wire w;
  w.In(Handshake(1, 0)).Out(Handshake(3, 0));
  EXPECT_FALSE(w.has(CANDOR_F_ACKNOWLEDGED));
  EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_PEER);
  w.In(Handshake(1, 1));  // with the cookie: progress, and no repeat
  EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_NODE);
  EXPECT_EQ(w.flow().repeats, 0);
  w.Out(Handshake(2, 1));
  EXPECT_TRUE(w.has(CANDOR_F_ACKNOWLEDGED));
}

TEST(DtlsWire, AHelloRetryRequestAcknowledgesNothing) {
  Bytes retry = Handshake(2, 0);
  const Bytes random = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11};  // RFC 8446 section 4.1.3
  std::copy(random.begin(), random.end(), retry.begin() + 13 + 12 + 2);
  Wire w;
  w.In(Handshake(1, 0)).Out(retry);
  EXPECT_FALSE(w.has(CANDOR_F_ACKNOWLEDGED));
  w.In(Handshake(1, 1)).Out(Handshake(2, 1));
  EXPECT_TRUE(w.has(CANDOR_F_ACKNOWLEDGED));
}

TEST(DtlsWire, AClientHelloOverSeveralDatagramsIsOneFlight) {
  // 1,400 bytes of message 0 in two fragments (RFC 6347 section 4.2.3).
  const Bytes first = DtlsRecord(22, 0, Bytes{1, 0, 5, 120, 0, 0, 0, 0, 0, 0, 4, 0} + Bytes(1024, 1));
  const Bytes second = DtlsRecord(22, 0, Bytes{1, 0, 5, 120, 0, 0, 0, 4, 0, 0, 1, 120} + Bytes(376, 1));
  Wire w;
  w.Nominated().In(first).In(second);
  EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_NODE);
  EXPECT_EQ(w.flow().repeats, 0);
  w.Out(Handshake(2, 0));
  EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_PEER);
}

TEST(DtlsWire, ARepeatedFlightIsNoProgress) {
  Wire w;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0));
  for (int i = 0; i < 5; ++i) w.In(Handshake(1, 0)).Out(Handshake(2, 0));
  EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_PATH);
  EXPECT_EQ(w.flow().repeats, 5);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NOMINATED);  // records went both ways all the time
}

TEST(DtlsWire, ACopyOfTheLastFlightIsNoRepeat) {
  Wire w;
  const Bytes finished = DtlsRecord(22, 1, Bytes(40, 3));
  const Bytes flight = Handshake(16, 1) + finished;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0));
  w.At(100, CANDOR_IN, flight).At(102, CANDOR_OUT, finished).At(104, CANDOR_IN, flight);
  EXPECT_EQ(w.flow().path_ns, 0u);
  EXPECT_EQ(w.flow().repeats, 0);
}

TEST(DtlsWire, AReceiverThatHasStoppedRepeatingIsActive) {
  Wire w;
  const Bytes finished = DtlsRecord(22, 1, Bytes(40, 3)), media = Rtp(7, 1);
  const Bytes flight = Handshake(16, 1) + finished;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).In(flight).Out(finished);
  w.Wait(1000).In(flight).Wait(2000).In(flight);  // the timer doubles
  EXPECT_EQ(w.flow().repeats, 2);
  w.Wait(3900).Out(media);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_SECURED) << "the next one would come 4 s after the last";
  w.Wait(3000).Out(media);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
}

TEST(DtlsWire, AnAlertIsKeptByDirectionAndNumber) {
  Wire in, out, hidden;
  in.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).In(PlainAlert(42));
  out.Nominated().In(Handshake(1, 0)).Out(PlainAlert(40));
  hidden.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).In(DtlsRecord(21, 1, Bytes(24, 3)));
  EXPECT_TRUE(in.has(CANDOR_F_ALERT_IN));
  EXPECT_EQ(in.flow().alert, 42);
  EXPECT_TRUE(out.has(CANDOR_F_ALERT_OUT));
  EXPECT_EQ(out.flow().alert, 40);
  EXPECT_EQ(hidden.flow().alert, CANDOR_ALERT_ENCRYPTED);
}

TEST(DtlsWire, AnAlertOfAnActiveFlowClosesAndIsNoRefusal) {
  Wire w;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).In(kFinished).Out(kFinished).In(kData).Out(kData);
  w.In(DtlsRecord(21, 1, Bytes(24, 3)));
  EXPECT_TRUE(w.has(CANDOR_F_CLOSED_IN));
  EXPECT_FALSE(w.has(CANDOR_F_ALERT_IN));
}

TEST(DtlsWire, Dtls13IsSecuredByTheServersFirstRecordOfEpochThree) {
  for (const size_t cid : {0, 4}) {
    Wire w;
    w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0) + Hidden(2, 700, cid));
    EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_PEER);
    w.In(Hidden(2, 61, cid));
    EXPECT_EQ(w.phase(), CANDOR_PHASE_NOMINATED);
    EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_NODE);
    w.Out(Hidden(3, 35, cid));
    EXPECT_EQ(w.phase(), CANDOR_PHASE_SECURED);
    EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_NONE);
    w.In(Hidden(3, 69, cid)).Out(Hidden(3, 81, cid));
    EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
  }
}

TEST(DtlsWire, AcksOfEpochTwoAreNoFlight) {
  Wire w;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0) + Hidden(2, 700));
  for (size_t n = 1; n < 8; ++n) w.In(Hidden(2, 35 + 16 * n)).Out(Handshake(2, 0) + Hidden(2, 700));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NOMINATED);
  EXPECT_EQ(w.waiting_on_now(), CANDOR_WAITING_ON_PEER);
}

TEST(DtlsWire, AcksKeyUpdatesAndTicketsAreNoData) {
  for (const size_t length : {27, 35, 51, 30, 22}) {  // AES-CCM-8 has a tag of 8 bytes
    Wire w = Greeted13();
    w.In(Hidden(3, length)).Out(Hidden(3, length));
    EXPECT_FALSE(w.has(CANDOR_F_DATA_IN)) << length;
    EXPECT_FALSE(w.has(CANDOR_F_DATA_OUT)) << length;
    EXPECT_EQ(w.waiting_on_now(), CANDOR_WAITING_ON_NONE);
  }
  Wire ticket;
  ticket.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0) + Hidden(2, 700)).In(Hidden(2, 61));
  ticket.Out(Hidden(3, 35) + Hidden(3, 230)).In(Hidden(3, 35));
  EXPECT_EQ(ticket.phase(), CANDOR_PHASE_SECURED);
  EXPECT_FALSE(ticket.has(CANDOR_F_DATA_OUT));
}

TEST(DtlsWire, SctpBesideTheServersAckIsData) {
  Wire w;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0) + Hidden(2, 700)).In(Hidden(2, 61));
  w.Out(Hidden(3, 35) + Hidden(3, 117));  // an INIT of 100 bytes
  EXPECT_TRUE(w.has(CANDOR_F_DATA_OUT));
}

TEST(DtlsWire, DataOfAnyOtherLengthIsData) {
  Wire w = Greeted13();
  w.Wait(50).Out(Hidden(3, 80)).In(Hidden(3, 70));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
}

TEST(DtlsWire, TheEpochsAfterAKeyUpdateAreReadAndEarlyDataIsNot) {
  Wire later = Greeted13(), early;
  later.In(Hidden(4, 69)).Out(Hidden(5, 69));
  EXPECT_EQ(later.phase(), CANDOR_PHASE_ACTIVE);
  early.Nominated().In(Handshake(1, 0)).In(Hidden(1, 69));
  EXPECT_FALSE(early.has(CANDOR_F_DATA_IN));
  EXPECT_FALSE(early.has(CANDOR_F_EPOCH_IN));
}

TEST(DtlsWire, ARecordThatNamesNoLengthEndsWithItsDatagram) {
  Wire w = Greeted13();
  w.In(Bytes{0x2b, 0, 1} + Bytes(35, 5));  // 001 0 1 0 11: an ACK
  EXPECT_FALSE(w.has(CANDOR_F_DATA_IN));
  w.In(Bytes{0x23, 1} + Bytes(69, 5));
  EXPECT_TRUE(w.has(CANDOR_F_DATA_IN));
}

TEST(DtlsWire, AWarningIsNoRefusalAndCloseNotifyCloses) {
  const Bytes warning = DtlsRecord(21, 0, {1, 90}), close = DtlsRecord(21, 0, {1, 0});
  Wire w, peer, node;
  w.Nominated().In(Handshake(1, 0)).Out(warning).In(warning).Out(Handshake(2, 0));
  EXPECT_FALSE(w.has(CANDOR_F_ALERT_IN));
  EXPECT_FALSE(w.has(CANDOR_F_ALERT_OUT));
  EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_PEER);
  peer.Nominated().In(Handshake(1, 0)).In(close);
  EXPECT_TRUE(peer.has(CANDOR_F_CLOSED_IN));
  EXPECT_FALSE(peer.has(CANDOR_F_ALERT_IN));
  node.Nominated().In(Handshake(1, 0)).Out(close);
  EXPECT_TRUE(node.has(CANDOR_F_ALERT_OUT));
}

TEST(DtlsWire, AfterTheHandshakeAnAlertClosesAndAPlaintextOneIsIgnored) {
  Wire w;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).In(kFinished).Out(kFinished).In(PlainAlert(40));
  EXPECT_FALSE(w.has(CANDOR_F_CLOSED_IN));
  w.In(DtlsRecord(21, 1, Bytes(26, 3)));
  EXPECT_TRUE(w.has(CANDOR_F_CLOSED_IN));
  EXPECT_FALSE(w.has(CANDOR_F_ALERT_IN));
}

TEST(DtlsWire, RecordsWithAConnectionIdHideTheirTypeAndAreData) {
  const Bytes finished = CidRecord(49, 8), data = CidRecord(69, 8);  // RFC 9146
  Wire w;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).In(finished).Out(finished);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_SECURED);
  w.In(data).Out(data);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
}

TEST(DtlsWire, AUnifiedHeaderWithoutAHandshakeIsText) {
  Wire w;
  w.In(Text("7 or any other text")).Out(Text("!"));
  EXPECT_EQ(w.flows(), 0u);
  w.Nominated().In(Text("- a line of text")).Out(Text("/ and another"));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NOMINATED);
}

TEST(DtlsWire, ASessionOlderThanTheProbeIsReadWhereItsRecordsFillTheirDatagrams) {
  Wire w;
  w.Nominated().In(Hidden(3, 69)).Out(Hidden(3, 81));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
}

TEST(DtlsWire, ADataOnlyParticipantIsActiveByApplicationData) {
  Wire w;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).In(kFinished).Out(kFinished).In(kData);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_SECURED);
  w.Out(kData);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
  EXPECT_FALSE(w.has(CANDOR_F_MEDIA_IN));
}

TEST(DtlsWire, OtherVersionsAndCutRecordsAreUnparsed) {
  Wire w;
  w.In({22, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0}).In({22, 0xfe, 0xfd, 0});
  EXPECT_EQ(w.count(CANDOR_C_UNPARSED), 2u);
  EXPECT_EQ(w.flows(), 0u);
}

// The flight of a DTLS server, as one datagram for each message.
const Bytes kServerHello = Handshake(2, 0), kCertificate = Handshake(11, 1), kDone = Handshake(14, 2);

Wire NodeBegins() {
  Wire w;
  w.Nominated().Out(Handshake(1, 0));
  return w;
}

TEST(DtlsWire, ANodeThatRepeatsItsHelloAfterTheWholeAnswerIsTheOneThatIsWaitedOn) {
  Wire cookie = NodeBegins(), flight = NodeBegins();
  cookie.In(Handshake(3, 0));
  flight.In(kServerHello).In(kCertificate).In(kDone);
  for (Wire* w : {&cookie, &flight}) {
    const uint64_t since = w->flow().dtls.node_ns;
    w->Wait(1000).Out(Handshake(1, 0));
    EXPECT_EQ(w->waiting_on_now(), CANDOR_WAITING_ON_NODE);
    EXPECT_EQ(w->flow().dtls.node_ns, since);
  }
  cookie.In(Handshake(3, 0));
  flight.In(kServerHello + kCertificate + kDone).Wait(2000).Out(Handshake(1, 0));
  EXPECT_EQ(cookie.waiting_on_now(), CANDOR_WAITING_ON_NODE) << "the peer's repetition shows no lost answer";
  EXPECT_EQ(flight.waiting_on_now(), CANDOR_WAITING_ON_NODE);
  EXPECT_EQ(flight.flow().repeats, 0);
}

TEST(DtlsWire, ANodeThatRepeatsItsFlightAfterAPartOfTheAnswerAsksForTheRest) {
  Wire no_end = NodeBegins(), hole = NodeBegins(), half = NodeBegins();
  no_end.In(kServerHello).In(kCertificate);
  hole.In(kServerHello).In(kDone);
  // The first fragment of the certificate is missing.
  Bytes fragment = kCertificate;
  fragment[13 + 8] = 20, fragment[13 + 11] = 20;  // offset, length
  half.In(kServerHello).In(fragment).In(kDone);
  for (Wire* w : {&no_end, &hole, &half}) {
    w->Wait(1000).Out(Handshake(1, 0));
    EXPECT_EQ(w->waiting_on_now(), CANDOR_WAITING_ON_PEER);
    w->Wait(100).In(kServerHello);
    EXPECT_EQ(w->waiting_on_now(), CANDOR_WAITING_ON_PATH);
  }
}

TEST(DtlsWire, AServerThatRepeatsItsFlightAfterTheClientsWholeOneIsTheOneThatIsWaitedOn) {
  const Bytes server = kServerHello + kCertificate + kDone, client = kKeys;
  Wire whole, hole;
  for (Wire* w : {&whole, &hole}) w->Nominated().In(Handshake(1, 0)).Out(server);
  whole.In(client).Wait(1000).Out(server);
  EXPECT_EQ(whole.waiting_on_now(), CANDOR_WAITING_ON_NODE);
  hole.In(Handshake(16, 2) + DtlsRecord(20, 0, {1}) + kFinished).Wait(1000).Out(server);
  EXPECT_EQ(hole.waiting_on_now(), CANDOR_WAITING_ON_PEER);
}

TEST(DtlsWire, TheNodesNextFlightEndsTheWaitAndWhatFollowsIsLookedAtAnew) {
  Wire w = NodeBegins();
  w.In(kServerHello).In(kDone).Wait(1000).Out(Handshake(1, 0));
  w.Out(kKeys);
  EXPECT_EQ(w.flow().marks & (CANDOR_M_HS_GAP | CANDOR_M_HS_WHOLE), 0);
  EXPECT_EQ(w.waiting_on_now(), CANDOR_WAITING_ON_PEER);
  w.In(DtlsRecord(20, 0, {1}) + kFinished);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_SECURED);
  EXPECT_EQ(w.flow().marks, 0);
}

}  // namespace
}  // namespace candor
