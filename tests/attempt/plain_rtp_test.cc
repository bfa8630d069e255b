// SPDX-License-Identifier: Apache-2.0
// Plain RTP: no ICE, no DTLS, and everything on the wire can be a stranger's.
#include <gtest/gtest.h>

#include "scene.h"

namespace candor {
namespace {

const FlowKey kLeg = KeyOf("192.0.2.1", 30000, "198.51.100.7", 40000);

Bytes Seq(uint32_t ssrc, int n) { return Rtp(ssrc, static_cast<uint16_t>(n)); }

TEST(PlainRtp, ALegWithMediaBothWaysIsActiveUnderItsPort) {
  Scene s;
  s.In(kLeg, Seq(7, 1)).Out(kLeg, Seq(8, 1)).Skip(0.02).In(kLeg, Seq(7, 2));
  EXPECT_EQ(s.Find("30000").outcome, Outcome::kActive);
  EXPECT_TRUE(s.Find("30000").vouched);
  EXPECT_EQ(s.counts().attempts, 1u);
}

TEST(PlainRtp, OnePacketEachWayLikeADnsLookupIsNoAttempt) {
  Scene s;
  s.In(kLeg, Seq(7, 1)).Out(kLeg, Seq(8, 1)).Wait(11);
  EXPECT_EQ(s.counts().attempts, 0u);
}

TEST(PlainRtp, WellKnownPortsAreNotFollowed) {
  Scene s;
  const FlowKey dns = KeyOf("192.0.2.1", 40000, "198.51.100.7", 53);
  for (int i = 1; i < 9; ++i) s.Out(dns, Seq(7, i)).In(dns, Seq(8, i));
  EXPECT_EQ(s.counts().offered, 0u);
  EXPECT_EQ(s.flows(), 0u);
}

TEST(PlainRtp, AStrangersFivePacketsInSequenceAreAnAttemptThatTheNodeOwes) {
  Scene s;
  for (int i = 1; i <= 4; ++i) s.In(kLeg, Seq(7, i)).Skip(0.02);
  EXPECT_EQ(s.counts().attempts, 0u);
  for (int i = 5; i <= 60; ++i) s.In(kLeg, Seq(7, i)).Wait(0.2);
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_EQ(s.Find("30000").outcome, Outcome::kStalled);
  EXPECT_EQ(s.Find("30000").owed, Owed::kNode);
  EXPECT_FALSE(s.Find("30000").vouched);
}

TEST(PlainRtp, RtcpOnThePortAboveBelongsToTheCall) {
  Scene s;
  const FlowKey rtcp = KeyOf("192.0.2.1", 30001, "198.51.100.7", 40001);
  s.In(kLeg, Seq(7, 1)).Out(kLeg, Seq(8, 1)).In(kLeg, Seq(7, 2));
  s.In(rtcp, Rtcp(7)).Out(rtcp, Rtcp(8)).In(rtcp, Rtcp(7)).Out(rtcp, Rtcp(8));
  EXPECT_EQ(s.counts().offered, 1u);
  EXPECT_EQ(s.Find("30000").flows, 2u);
}

TEST(PlainRtp, RtcpAloneIsNobodysAttempt) {
  Scene s;
  const FlowKey rtcp = KeyOf("192.0.2.1", 30001, "198.51.100.7", 40001);
  for (int i = 0; i < 5; ++i) s.In(rtcp, Rtcp(7)).Out(rtcp, Rtcp(8));
  EXPECT_EQ(s.counts().offered, 0u);
}

// A call on hold without RTCP beside calls that go on: `served` legs get media all the time.
void HoldALeg(Scene& s, int served) {
  for (int i = 1; i <= 80; ++i) {
    s.In(kLeg, Seq(7, i));
    if (i < 10) s.Out(kLeg, Seq(8, i));
    for (int leg = 0; leg < served; ++leg) {
      const auto port = static_cast<uint16_t>(31000 + 2 * leg);
      const FlowKey key = KeyOf("192.0.2.1", port, "198.51.100.9", 40000);
      s.In(key, Rtp(100 + static_cast<uint32_t>(leg), static_cast<uint16_t>(i)))
          .Out(key, Rtp(200 + static_cast<uint32_t>(leg), static_cast<uint16_t>(i)));
    }
    s.Wait(0.2);
  }
}

TEST(PlainRtp, ALegOnHoldIsNotDroppedWhileOthersAreServed) {
  Scene s;
  HoldALeg(s, 1);
  EXPECT_EQ(s.Find("30000").outcome, Outcome::kActive);
  EXPECT_EQ(s.counts().early_drop, 0u);
}

TEST(PlainRtp, ALegThatFallsSilentWithAllOthersIsDroppedByTheNode) {
  Scene s;
  HoldALeg(s, 0);
  EXPECT_EQ(s.Find("30000").outcome, Outcome::kEarlyDrop);
}

TEST(PlainRtp, AOneWayLegIsNotOwedByANodeThatServesOthers) {
  Scene s;
  const FlowKey other = KeyOf("192.0.2.1", 31000, "198.51.100.9", 40000);
  for (int i = 1; i <= 60; ++i) {
    s.In(kLeg, Seq(7, i)).In(other, Seq(9, i)).Out(other, Seq(10, i)).Wait(0.2);
  }
  EXPECT_EQ(s.Find("31000").outcome, Outcome::kActive);
  EXPECT_EQ(s.Find("30000").owed, Owed::kNone);
  EXPECT_EQ(s.counts().stalled[static_cast<size_t>(Owed::kNode)], 0u);
}

TEST(PlainRtp, ACallOlderThanCandorIsShownAndNotJudged) {
  std::vector<AttemptEvent> told;
  AttemptTracker tracker({}, [&](const AttemptEvent& e) { told.push_back(e); });
  FlowTable table{FlowTableOptions{}};
  uint64_t ns = 1'000'000'000;
  for (int i = 1; i < 6; ++i, ns += 20'000'000) {
    for (const candor_dir dir : {CANDOR_IN, CANDOR_OUT}) {
      const Bytes ip = Udp(kLeg, dir, Seq(dir == CANDOR_IN ? 7 : 8, i));
      FlowEvent e;
      if (table.Packet(TimeFromNanos(ns), dir, ip, ip.size(), 1, &e)) tracker.OnFlow(e);
    }
  }
  EXPECT_EQ(tracker.counts().active, 1u);
  EXPECT_TRUE(told.empty());
}

}  // namespace
}  // namespace candor
