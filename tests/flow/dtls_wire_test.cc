// SPDX-License-Identifier: Apache-2.0
// DTLS 1.2 and 1.3 as they come over the wire.
#include <gtest/gtest.h>

#include "wire.h"

namespace candor {
namespace {

const Bytes kFinished = DtlsRecord(22, 1, Bytes(40, 9));
const Bytes kData = DtlsRecord(23, 1, Bytes(30, 1));

// A DTLS 1.3 unified header (RFC 9147 section 4): 001CSLEE with 16-bit sequence and length.
Bytes Unified(uint8_t epoch, bool cid = false) {
  Bytes h = {static_cast<uint8_t>(0x2c | (cid ? 0x10 : 0) | epoch)};
  if (cid) h = h + Bytes(4, 0xcd);
  return h + Bytes{0, 1, 0, 30} + Bytes(30, 5);
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

TEST(DtlsWire, WhereASnapLengthHidesTheFinishedTheServersLastFlightTellsOfIt) {
  Wire node, peer;  // which of them is the client
  node.Nominated().Out(Handshake(1, 0)).In(Handshake(2, 0) + Handshake(11, 1) + Handshake(14, 2));
  node.Cut(CANDOR_OUT, kKeys, 30);
  EXPECT_EQ(node.flow().owed, CANDOR_OWED_PEER);
  node.Cut(CANDOR_IN, kTicket, 30);
  EXPECT_EQ(node.phase(), CANDOR_PHASE_SECURED);
  EXPECT_EQ(node.flow().owed, CANDOR_OWED_NONE);

  peer.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).Cut(CANDOR_IN, kKeys, 30);
  EXPECT_EQ(peer.flow().owed, CANDOR_OWED_NODE);
  peer.Out(DtlsRecord(20, 0, {1}) + kFinished);  // without a ticket
  EXPECT_EQ(peer.phase(), CANDOR_PHASE_SECURED);
  EXPECT_EQ(peer.flow().owed, CANDOR_OWED_NONE);
}

TEST(DtlsWire, AServersTicketAloneEndsNoHandshake) {
  Wire resumed, forged;
  resumed.Nominated().Out(Handshake(1, 0)).In(Handshake(2, 0) + kTicket);  // RFC 5077 section 3.1
  EXPECT_EQ(resumed.phase(), CANDOR_PHASE_NOMINATED);
  EXPECT_EQ(resumed.flow().owed, CANDOR_OWED_NODE);
  forged.Nominated().In(Handshake(1, 0)).In(kKeys).In(kTicket);
  EXPECT_EQ(forged.phase(), CANDOR_PHASE_NOMINATED);
  EXPECT_EQ(forged.flow().owed, CANDOR_OWED_NODE);
}

TEST(DtlsWire, AHelloVerifyRequestGoesToAnybodyAndVouchesForNobody) {
  Wire w;
  w.In(Handshake(1, 0)).Out(Handshake(3, 0));
  EXPECT_FALSE(w.has(CANDOR_F_VOUCHED));
  EXPECT_EQ(w.flow().owed, CANDOR_OWED_PEER);
  w.In(Handshake(1, 1));  // with the cookie: progress, and no repeat
  EXPECT_EQ(w.flow().owed, CANDOR_OWED_NODE);
  EXPECT_EQ(w.flow().repeats, 0);
  w.Out(Handshake(2, 1));
  EXPECT_TRUE(w.has(CANDOR_F_VOUCHED));
}

TEST(DtlsWire, AClientHelloOverSeveralDatagramsIsOneFlight) {
  // 1,400 bytes of message 0 in two fragments (RFC 6347 section 4.2.3).
  const Bytes first = DtlsRecord(22, 0, Bytes{1, 0, 5, 120, 0, 0, 0, 0, 0, 0, 4, 0} + Bytes(1024, 1));
  const Bytes second = DtlsRecord(22, 0, Bytes{1, 0, 5, 120, 0, 0, 0, 4, 0, 0, 1, 120} + Bytes(376, 1));
  Wire w;
  w.Nominated().In(first).In(second);
  EXPECT_EQ(w.flow().owed, CANDOR_OWED_NODE);
  EXPECT_EQ(w.flow().repeats, 0);
  w.Out(Handshake(2, 0));
  EXPECT_EQ(w.flow().owed, CANDOR_OWED_PEER);
}

TEST(DtlsWire, ARepeatedFlightIsNoProgress) {
  Wire w;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0));
  for (int i = 0; i < 5; ++i) w.In(Handshake(1, 0)).Out(Handshake(2, 0));
  EXPECT_EQ(w.flow().owed, CANDOR_OWED_PATH);
  EXPECT_EQ(w.flow().repeats, 5);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NOMINATED);  // records went both ways all the time
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

TEST(DtlsWire, AnAlertOfAnActiveFlowIsAGoodbyeAndNoRefusal) {
  Wire w;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).In(kFinished).Out(kFinished).In(kData).Out(kData);
  w.In(DtlsRecord(21, 1, Bytes(24, 3)));
  EXPECT_TRUE(w.has(CANDOR_F_CLOSED_IN));
  EXPECT_FALSE(w.has(CANDOR_F_ALERT_IN));
}

TEST(DtlsWire, Dtls13IsSecuredByItsUnifiedHeadersAndActiveByEpochThree) {
  for (const bool cid : {false, true}) {
    Wire w;
    w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0) + Unified(2, cid));
    EXPECT_EQ(w.phase(), CANDOR_PHASE_NOMINATED);
    w.In(Unified(2, cid));
    EXPECT_EQ(w.phase(), CANDOR_PHASE_SECURED);
    EXPECT_FALSE(w.has(CANDOR_F_DATA_IN));
    w.In(Unified(3, cid)).Out(Unified(3, cid));
    EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
  }
}

TEST(DtlsWire, RecordsWithAConnectionIdHideTheirTypeAndAreData) {
  const Bytes cid = DtlsRecord(25, 1, Bytes(34, 7));  // RFC 9146
  Wire w;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).In(cid).Out(cid).In(cid).Out(cid);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
}

TEST(DtlsWire, AUnifiedHeaderWithoutAHandshakeIsText) {
  Wire w;
  w.In(Text("7 or any other text")).Out(Text("!"));
  EXPECT_EQ(w.flows(), 0u);
  w.Nominated().In(Unified(3)).Out(Unified(3));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NOMINATED);
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

}  // namespace
}  // namespace candor
