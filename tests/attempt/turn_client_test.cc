// SPDX-License-Identifier: Apache-2.0
// A relay between node and peer: the node asks a TURN server for a candidate of its own, or the peer did.
#include <gtest/gtest.h>

#include "scene.h"
#include "tests/packets/turn_packets.h"

namespace candor {
namespace {

const FlowKey kServer = KeyOf("192.0.2.1", 41000, "203.0.113.5", 3478);
const FlowKey kHost = KeyOf("192.0.2.1", 41000, "198.51.100.7", 40000);

Scene& Gathered(Scene& s) {
  return s.Out(kServer, Allocate(1, false))
      .In(kServer, TurnError(3, 1, 401, false))
      .Out(kServer, Allocate(2, true))
      .In(kServer, AllocateSuccess(2, "203.0.113.5", 50001))
      .Out(kServer, Permit(3))
      .In(kServer, TurnSuccess(8, 3));
}

Scene& Up(Scene& s) {
  const Bytes finished = DtlsRecord(22, 1, Bytes(40, 9));
  return s.Out(kServer, SendIndication(Check("peer:NODE", 4, true)))
      .In(kServer, DataIndication(CheckAnswer(4)))
      .In(kServer, ChannelData(Handshake(1, 0)))
      .Out(kServer, ChannelData(Handshake(2, 0)))
      .In(kServer, ChannelData(finished))
      .Out(kServer, ChannelData(finished))
      .In(kServer, ChannelData(Rtp(7, 1)))
      .Out(kServer, ChannelData(Rtp(8, 1)));
}

TEST(TurnClient, InnerPacketsOfARelayedCandidateDriveTheAttempt) {
  Scene s;
  Up(Gathered(s));
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.counts().offered, 1u);
}

TEST(TurnClient, ARelayedPairIsOnePairOfTheAttemptBesideTheOthers) {
  Scene s;
  Gathered(s).Out(kHost, Check("peer:NODE", 9, false));  // a dead host pair
  Up(s);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.Find("NODE").flows, 2u);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
}

TEST(TurnClient, ACandidateThatIsNeverUsedIsNoAttempt) {
  Scene s;
  Gathered(s).Wait(70);
  EXPECT_EQ(s.counts().offered, 0u);
  EXPECT_TRUE(s.events().empty());
}

TEST(TurnClient, TheAttemptBeginsWithItsFirstPacketAndNotWithGathering) {
  Scene s;
  Gathered(s).Wait(40);
  s.In(kServer, DataIndication(Check("NODE:peer", 4, true))).Wait(0.25);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kPending);
}

TEST(TurnClient, ACheckThroughTheRelayWaitsOnTheNode) {
  Scene s;
  Gathered(s);
  for (int i = 0; i < 3; ++i) s.In(kServer, DataIndication(Check("NODE:peer", 4, true))).Wait(0.5);
  EXPECT_EQ(s.Find("NODE").waiting_on, WaitingOn::kNode);
}

TEST(TurnClient, AnIceRestartKeepsTheWayThroughTheRelay) {
  Scene s;
  Up(Gathered(s));
  s.Out(kServer, ChannelData(Check("peer:NEW", 8, true))).In(kServer, ChannelData(CheckAnswer(8)));
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
  EXPECT_EQ(s.Find("NEW").phase, Phase::kNominated);
}

TEST(TurnClient, APeerBehindARelayIsAPlainPeer) {
  Scene s;
  const Client relayed{KeyOf("192.0.2.1", 7882, "203.0.113.5", 50001), "NODE:anna"};
  relayed.Up(s);
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
  EXPECT_EQ(s.counts().attempts, 1u);
}

}  // namespace
}  // namespace candor
