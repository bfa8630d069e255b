// SPDX-License-Identifier: Apache-2.0
// RTP, RTCP and other kinds, in every form of IP packet.
#include <gtest/gtest.h>

#include "tests/packets/turn_packets.h"
#include "wire.h"

namespace candor {
namespace {

TEST(MediaWire, SrtpAndSrtcpShowTheirHeadersAndMakeActive) {
  Wire w;
  w.Nominated().In(Rtp(7, 1)).Out(Rtcp(8));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
  EXPECT_TRUE(w.has(CANDOR_F_RTP_IN));
}

// A participant without media sends empty receiver reports (RFC 3550 section 6.4.2).
TEST(MediaWire, ReceiverReportsNeedNoReplyAndRtpDoes) {
  Wire w;
  w.Nominated().In(Rtcp(7));
  EXPECT_EQ(w.flow().media.node_ns, 0u);
  w.In(Rtp(7, 1));
  EXPECT_NE(w.flow().media.node_ns, 0u);
  w.Out(Rtcp(8));
  EXPECT_EQ(w.flow().media.node_ns, 0u);
}

TEST(MediaWire, MuxedRtcpIsRecognisedByItsSecondByte) {
  Wire w;
  Bytes rtcp = Rtcp(7);
  for (const uint8_t type : Bytes{192, 200, 205, 223}) {
    rtcp[1] = type;
    w.In(rtcp);
  }
  EXPECT_FALSE(w.has(CANDOR_F_RTP_IN));
  rtcp[1] = 224;  // RTP with its marker: payload type 96
  w.In(rtcp);
  EXPECT_TRUE(w.has(CANDOR_F_RTP_IN));
}

// SDES (RFC 4568) and plain RTP differ in the payload only.
TEST(MediaWire, SdesMediaNeedsNeitherIceNorDtls) {
  Wire w;
  w.In(Rtp(7, 1)).Out(Rtp(8, 1)).In(Rtp(7, 2));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
  EXPECT_EQ(w.flow().ufrag_hash, 0u);
}

TEST(MediaWire, TheFirstRtpOfADirectionIsAnEventOnAnActiveFlowToo) {
  Wire w;
  w.Nominated().In(Rtcp(7)).Out(Rtcp(8));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
  const int before = w.events();
  w.In(Rtp(7, 1)).In(Rtp(7, 2));
  EXPECT_TRUE(w.has(CANDOR_F_RTP_IN));
  EXPECT_FALSE(w.has(CANDOR_F_RTP_OUT));
  w.Out(Rtp(8, 1)).Out(Rtp(8, 2));
  EXPECT_TRUE(w.has(CANDOR_F_RTP_OUT));
  EXPECT_EQ(w.events(), before + 2);
}

TEST(MediaWire, AnActiveFlowThatIsHeldInOneDirectionStaysActiveAndWaitsOnNoSide) {
  Wire w;
  w.In(Rtp(7, 1)).Out(Rtp(8, 1)).In(Rtp(7, 2));
  for (uint16_t i = 3; i < 200; ++i) w.In(Rtp(7, i));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
  EXPECT_EQ(w.flow().waiting_on, CANDOR_WAITING_ON_NONE);
}

TEST(MediaWire, ZrtpQuicAndUnknownKindsAreCountedAndNotFollowed) {
  Wire w;
  w.In({16, 0, 1, 2}).In({192, 1, 2, 3}).In({100, 1, 2, 3}).In({5, 1}).In({});
  EXPECT_EQ(w.count(CANDOR_C_ZRTP), 1u);
  EXPECT_EQ(w.count(CANDOR_C_QUIC), 2u);
  EXPECT_EQ(w.count(CANDOR_C_UNKNOWN), 2u);
  EXPECT_EQ(w.flows(), 0u);
}

TEST(MediaWire, SegmentsOfASuperPacketAreCounted) {
  Wire w;
  w.Ip(CANDOR_IN, Udp(w.key, CANDOR_IN, Rtp(7, 1)), 40).Ip(CANDOR_OUT, Udp(w.key, CANDOR_OUT, Rtp(8, 1)), 3);
  EXPECT_EQ(w.count(CANDOR_C_PACKETS), 43u);
  EXPECT_EQ(w.count(CANDOR_C_MEDIA), 43u);
  EXPECT_EQ(w.flow().media_packets[CANDOR_IN], 40u);
}

TEST(MediaWire, SegmentsOfEnvelopesAreCountedAsInner) {
  Wire w;
  w.Ip(CANDOR_IN, Udp(w.key, CANDOR_IN, ChannelData(Rtp(7, 1))), 5);
  EXPECT_EQ(w.count(CANDOR_C_CHANNEL_DATA), 5u);
  EXPECT_EQ(w.count(CANDOR_C_INNER), 5u);
  EXPECT_EQ(w.count(CANDOR_C_MEDIA), 0u);
}

TEST(MediaWire, Ipv4OptionsAndIpv6ExtensionHeadersAreSteppedOver) {
  Wire v4, v6;
  v6.key = KeyOf("2001:db8::1", 7882, "2001:db8:7::9", 40000);
  v4.Ip(CANDOR_IN, UdpBehind(v4.key, CANDOR_IN, 17, Bytes(40, 1), Check("node:peer", 1, false)));
  v6.Ip(CANDOR_IN, UdpBehind(v6.key, CANDOR_IN, 60, {17, 0, 1, 4, 0, 0, 0, 0}, Check("node:peer", 1, false)));
  EXPECT_EQ(v4.phase(), CANDOR_PHASE_OFFERED);
  EXPECT_EQ(v6.phase(), CANDOR_PHASE_OFFERED);
}

TEST(MediaWire, MoreExtensionHeadersThanAreWalkedAreCounted) {
  Wire w;
  w.key = KeyOf("2001:db8::1", 7882, "2001:db8:7::9", 40000);
  Bytes nine;
  for (const uint8_t next : Bytes{60, 60, 60, 60, 60, 60, 60, 60, 17})
    nine = nine + Bytes{next, 0, 1, 4, 0, 0, 0, 0};
  w.Ip(CANDOR_IN, UdpBehind(w.key, CANDOR_IN, 60, nine, Rtp(7, 1)));
  EXPECT_EQ(w.count(CANDOR_C_EXT_CUT), 1u);
}

TEST(MediaWire, TheFirstFragmentIsReadAndLaterOnesAreCounted) {
  Wire w;
  Bytes first = Udp(w.key, CANDOR_IN, Check("node:peer", 1, false)), later = first;
  first[6] = 0x20;
  later[7] = 100;
  w.Ip(CANDOR_IN, first).Ip(CANDOR_IN, later);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_OFFERED);
  EXPECT_EQ(w.count(CANDOR_C_FRAGMENTS), 1u);
  EXPECT_EQ(w.count(CANDOR_C_PACKETS), 1u);
}

TEST(MediaWire, AMalformedEnvelopeIsUnparsedAndAnEmptyOneHoldsNothing) {
  Wire w;
  w.In({0x40, 0, 0, 99, 1}).In({0x40, 0}).In(ChannelData({})).In(SendIndication({}));
  EXPECT_EQ(w.count(CANDOR_C_UNPARSED), 2u);
  EXPECT_EQ(w.count(CANDOR_C_CHANNEL_DATA), 1u);
  EXPECT_EQ(w.count(CANDOR_C_STUN), 1u);
  EXPECT_EQ(w.count(CANDOR_C_INNER), 0u);
}

TEST(MediaWire, AnEnvelopesMalformedContentIsCountedAsWell) {
  Wire w;
  w.In(ChannelData({22, 3, 3, 0}));
  EXPECT_EQ(w.count(CANDOR_C_CHANNEL_DATA), 1u);
  EXPECT_EQ(w.count(CANDOR_C_INNER), 1u);
  EXPECT_EQ(w.count(CANDOR_C_UNPARSED), 1u);
}

TEST(MediaWire, AtItsBoundTheTableEvictsTheLeastRecentlyActiveFlowAndCountsIt) {
  FlowTableOptions options;
  options.max_flows = 8;
  Wire w(options);
  const FlowKey first = w.key;
  for (uint16_t i = 0; i < 20; ++i) {
    w.key = first;
    w.In(Check("node:peer", static_cast<uint8_t>(i), false));  // stays active
    w.key = KeyOf("192.0.2.1", 7882, "203.0.113.9", static_cast<uint16_t>(50000 + i));
    w.In(Check("other:peer", 1, false));
  }
  w.key = first;
  EXPECT_EQ(w.flows(), 8u);
  EXPECT_EQ(w.flow().checks_in, 20);
}

}  // namespace
}  // namespace candor
