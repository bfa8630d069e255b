// SPDX-License-Identifier: Apache-2.0
// bpf/flow_ice.h: a new ufrag on a 5-tuple whose DTLS session continues (RFC 8445 section 9), and one after
// its end.
#include <gtest/gtest.h>

#include "tests/packets/dtls_packets.h"
#include "wire.h"

namespace candor {
namespace {

const Bytes kFinished = DtlsRecord(22, 1, Bytes(40, 9));
const Bytes kData = DtlsRecord(23, 1, Bytes(60, 1));

Wire Active() {
  Wire w;
  w.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0)).In(kFinished).Out(kFinished).In(kData).Out(kData);
  return w;
}
Wire& Restart(Wire& w) { return w.In(Check("node2:peer2", 9, true)).Out(CheckAnswer(9)); }

TEST(IceRestart, BelowASessionThatGoesOnIsMarkedUntilANewHandshakeBegins) {
  Wire w = Active();
  Restart(w.Wait(3000));
  EXPECT_EQ(w.flow().generation, 1);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NOMINATED);
  EXPECT_EQ(w.flow().marks, CANDOR_M_RESUMED);
  EXPECT_EQ(w.waiting_on_now(), CANDOR_WAITING_ON_NONE);
  EXPECT_TRUE(w.has(CANDOR_F_BEGAN));
  w.In(Handshake(1, 0));
  EXPECT_EQ(w.flow().marks & CANDOR_M_EVENT_MASK, 0);
}

TEST(IceRestart, IsActiveAsSoonAsDataOrMediaFlowBothWays) {
  Wire data = Active(), hidden = Active(), media = Active(), subscriber = Active();
  Restart(data).In(kData).Out(kData);
  Restart(hidden).In(Hidden(3, 69)).Out(Hidden(3, 69));
  Restart(media).In(Rtp(7, 1)).Out(Rtcp(8));
  Restart(subscriber).Out(Rtp(8, 1));  // it received media before
  for (const Wire& w : {data, hidden, media, subscriber}) EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
}

TEST(IceRestart, IsNotSeenWhereTheSessionWasOver) {
  Wire left = Active(), closed = Active(), silent = Active(), never;
  left.In(DtlsRecord(21, 1, Bytes(26, 3)));
  closed.Out(DtlsRecord(21, 1, Bytes(26, 3)));
  silent.Wait(31'000);
  never.Nominated().In(Handshake(1, 0)).Out(Handshake(2, 0));
  for (Wire* w : {&left, &closed, &silent, &never}) {
    Restart(*w);
    EXPECT_EQ(w->flow().generation, 1);
    EXPECT_EQ(w->flow().marks, 0);
  }
}

TEST(IceRestart, AfterAnUnusedRestartIsStillARestart) {
  Wire w = Active();
  Restart(w).Wait(3000).In(Check("node3:peer3", 11, true)).Out(CheckAnswer(11));
  EXPECT_EQ(w.flow().generation, 2);
  EXPECT_EQ(w.flow().marks, CANDOR_M_RESUMED);
}

TEST(IceRestart, AnAlertOfASessionWithoutASeenHandshakeCloses) {
  Wire w = Active();
  Restart(w).In(DtlsRecord(21, 1, Bytes(26, 3)));
  EXPECT_TRUE(w.has(CANDOR_F_CLOSED_IN));
  EXPECT_FALSE(w.has(CANDOR_F_ALERT_IN));
}

}  // namespace
}  // namespace candor
