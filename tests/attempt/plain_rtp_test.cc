// SPDX-License-Identifier: Apache-2.0
// Plain RTP: no ICE, no DTLS, and any packet can be forged.
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
  EXPECT_TRUE(s.Find("30000").acknowledged);
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

TEST(PlainRtp, FivePacketsInSequenceAreAnAttempt) {
  Scene s;
  for (int i = 1; i <= 4; ++i) s.In(kLeg, Seq(7, i)).Skip(0.02);
  EXPECT_EQ(s.counts().attempts, 0u);
  s.In(kLeg, Seq(7, 5));
  EXPECT_EQ(s.counts().attempts, 1u);
  EXPECT_FALSE(s.Find("30000").acknowledged);
}

TEST(PlainRtp, RtcpOnThePortAboveBelongsToTheCall) {
  Scene s;
  const FlowKey rtcp = KeyOf("192.0.2.1", 30001, "198.51.100.7", 40001);
  s.In(kLeg, Seq(7, 1)).Out(kLeg, Seq(8, 1)).In(kLeg, Seq(7, 2));
  s.In(rtcp, Rtcp(7)).Out(rtcp, Rtcp(8)).In(rtcp, Rtcp(7)).Out(rtcp, Rtcp(8));
  EXPECT_EQ(s.counts().offered, 1u);
  EXPECT_EQ(s.Find("30000").flows, 2u);
}

TEST(PlainRtp, RtcpAloneIsNoAttempt) {
  Scene s;
  const FlowKey rtcp = KeyOf("192.0.2.1", 30001, "198.51.100.7", 40001);
  for (int i = 0; i < 5; ++i) s.In(rtcp, Rtcp(7)).Out(rtcp, Rtcp(8));
  EXPECT_EQ(s.counts().offered, 0u);
}

TEST(PlainRtp, ACallOlderThanCandorIsShownAndNotJudged) {
  std::vector<AttemptEvent> events;
  AttemptTracker tracker({}, [&](const AttemptEvent& e) { events.push_back(e); });
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
  EXPECT_TRUE(events.empty());
}

}  // namespace
}  // namespace candor
