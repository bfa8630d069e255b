// SPDX-License-Identifier: Apache-2.0
// What real networks and servers do to 5-tuples: phones that roam, ports that are used again, calls with two
// legs.
#include <gtest/gtest.h>

#include "scene.h"

namespace candor {
namespace {

const FlowKey kHost = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);
const FlowKey kRebound = KeyOf("192.0.2.1", 7882, "198.51.100.7", 61234);
const Client kAnna{kHost, "NODE:anna"};

TEST(Networks, ANatThatRebindsMidCallKeepsItOneAttempt) {
  Scene s;
  kAnna.Up(s).Wait(20);
  // The same ufrag and the same DTLS association from a new port: media at once, then the next consent check.
  s.In(kRebound, Check("NODE:anna", 8, false)).Out(kRebound, CheckAnswer(8));
  for (uint16_t i = 0; i < 40; ++i) s.In(kRebound, Rtp(7, i)).Out(kRebound, Rtp(8, i)).Wait(0.25);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.counts().active, 1u);
  EXPECT_EQ(s.counts().early_drop, 0u);
  EXPECT_EQ(s.Find("NODE").flows, 2u);
}

TEST(Networks, RoamingDuringTheHandshakeIsStillOneAttempt) {
  Scene s;
  kAnna.Ice(s).In(kHost, Handshake(1, 0)).Out(kHost, Handshake(2, 0));
  const Client roamed{kRebound, "NODE:anna"};
  roamed.Ice(s, 7);
  const Bytes finished = DtlsRecord(22, 1, Bytes(40, 9));
  s.In(kRebound, Handshake(16, 1) + finished).Out(kRebound, finished);
  roamed.Media(s);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
}

TEST(Networks, ManyDeadPairsDoNotHideTheOneThatWorks) {
  Scene s;
  for (uint16_t i = 0; i < 60; ++i) {
    s.Out(KeyOf("192.0.2.1", 7882, "10.0.0.9", static_cast<uint16_t>(2000 + i)),
          Check("anna:NODE", 99, false));
  }
  kAnna.Up(s).Wait(12);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
}

TEST(Networks, OneSharedSocketCarriesManyAttemptsApart) {
  Scene s;
  for (uint16_t i = 0; i < 20; ++i) {
    const Client c{KeyOf("192.0.2.1", 7882, "198.51.100.7", static_cast<uint16_t>(41000 + i)),
                   "N" + std::to_string(i) + ":x"};
    if (i % 2 == 0) c.Up(s);
    if (i % 2 == 1) c.Ice(s);
  }
  EXPECT_EQ(s.counts().attempts, 20u);
  EXPECT_EQ(s.counts().active, 10u);
}

TEST(Networks, APortThatIsUsedAgainWithinAMinuteBelongsToItsNewAttempt) {
  Scene s;
  kAnna.Up(s).Wait(30);
  const Client bob{kHost, "BOB:bob"};  // even the client's port is the same
  bob.Up(s);
  EXPECT_EQ(s.counts().attempts, 2u);
  EXPECT_EQ(s.counts().active, 2u);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
  EXPECT_EQ(s.Find("BOB").outcome, Outcome::kActive);
}

TEST(Networks, APlainPortThatIsUsedAgainByAnotherCallerIsAnotherAttempt) {
  Scene s;
  const FlowKey first = KeyOf("192.0.2.1", 30000, "198.51.100.7", 40000);
  const FlowKey second = KeyOf("192.0.2.1", 30000, "203.0.113.9", 50000);
  for (const FlowKey& k : {first, second}) {
    s.In(k, Rtp(7, 1)).Out(k, Rtp(8, 1)).Skip(0.02).In(k, Rtp(7, 2)).Wait(20);
  }
  EXPECT_EQ(s.counts().attempts, 2u);
  EXPECT_EQ(s.counts().active, 2u);
}

TEST(Networks, ASipCallsTwoLegsAreTwoAttempts) {
  Scene s;
  const FlowKey a = KeyOf("192.0.2.1", 30000, "198.51.100.7", 40000);
  const FlowKey b = KeyOf("192.0.2.1", 30002, "203.0.113.9", 50000);
  for (uint16_t i = 1; i < 4; ++i) s.In(a, Rtp(7, i)).Out(b, Rtp(7, i)).In(b, Rtp(8, i)).Out(a, Rtp(8, i));
  EXPECT_EQ(s.counts().attempts, 2u);
  EXPECT_EQ(s.counts().active, 2u);
}

// Comedia (RFC 4145's idea for RTP, RFC 7362): the caller's real address shows only with its first packet.
TEST(Networks, PacketsToAnAddressThatComediaCorrectedAreNoFailure) {
  Scene s;
  const FlowKey announced = KeyOf("192.0.2.1", 30000, "192.168.1.5", 40000);
  const FlowKey real = KeyOf("192.0.2.1", 30000, "198.51.100.7", 61234);
  s.Out(announced, Rtp(8, 1)).Out(announced, Rtp(8, 2)).Out(announced, Rtp(8, 3));
  for (uint16_t i = 4; i < 8; ++i) s.In(real, Rtp(7, i)).Out(real, Rtp(8, i));
  s.Wait(15);
  EXPECT_EQ(s.counts().active, 1u);
  EXPECT_EQ(s.counts().left, 1u);
  EXPECT_EQ(s.counts().stalled[CANDOR_WAITING_ON_NODE] + s.counts().stalled[CANDOR_WAITING_ON_PEER], 0u);
}

TEST(Networks, AOneWayCallWithRtcpOnThePortAboveIsActive) {
  Scene s;
  const FlowKey rtp = KeyOf("192.0.2.1", 30000, "198.51.100.7", 40000);
  const FlowKey rtcp = KeyOf("192.0.2.1", 30001, "198.51.100.7", 40001);
  for (uint16_t i = 1; i < 8; ++i) s.In(rtp, Rtp(7, i)).Skip(0.02);
  s.Wait(2.5).Out(rtcp, Rtcp(8)).Out(rtcp, Rtcp(8)).In(rtcp, Rtcp(7));
  EXPECT_EQ(s.Find("30000").outcome, Outcome::kActive);
  EXPECT_EQ(s.counts().attempts, 1u);
}

TEST(Networks, ACallThatIsHeldDropsNothing) {
  Scene s;
  kAnna.Up(s).Wait(5);
  for (int i = 0; i < 12; ++i) {  // no media; consent goes on (RFC 7675)
    const auto t = static_cast<uint8_t>(20 + i);
    s.In(kHost, Check("NODE:anna", t, false)).Out(kHost, CheckAnswer(t)).Wait(5);
  }
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
  EXPECT_EQ(s.counts().early_drop, 0u);
}

TEST(Networks, DtlsInsideOfStunIsActiveWithoutAHandshakeOfItsOwn) {
  Scene s;
  const Bytes sped = Attribute(0x0006, Text("NODE:anna")) + Attribute(0xC070, Bytes(60, 22)) +
                     Attribute(0x0025, {}) + Attribute(0x0008, Bytes(20, 1));
  s.In(kHost, Stun(0x0001, 1, sped)).Out(kHost, CheckAnswer(1)).In(kHost, Rtp(7, 1)).Out(kHost, Rtp(8, 1));
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
}

TEST(Networks, A500ThatOnlyTheNodeCanHaveSignedIsAStallOfTheNodes) {
  Scene s;
  const Bytes error = Attribute(0x0009, {0, 0, 5, 0}) + Attribute(0x0008, Bytes(20, 1));
  for (uint8_t t = 1; t < 20; ++t) {
    s.In(kHost, Check("NODE:anna", t, false)).Out(kHost, Stun(0x0111, t, error)).Wait(0.5);
  }
  s.Wait(1);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kStalled);
  EXPECT_EQ(s.counts().stalled[CANDOR_WAITING_ON_NODE], 1u);
}

TEST(Networks, ALivingCallWhoseFlowWasEvictedIsNoNewAttempt) {
  Scene s;
  kAnna.Up(s).Wait(20);
  s.Evict(kHost);
  for (uint16_t i = 300; i < 340; ++i) s.In(kHost, Rtp(7, i)).Out(kHost, Rtp(8, i)).Wait(0.25);
  s.In(kHost, Check("NODE:anna", 9, false)).Out(kHost, CheckAnswer(9)).Wait(12);
  EXPECT_EQ(s.counts().offered, 1u);
  EXPECT_EQ(s.counts().active, 1u);
  EXPECT_EQ(s.counts().stalled[CANDOR_WAITING_ON_NODE], 0u);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
}

}  // namespace
}  // namespace candor
