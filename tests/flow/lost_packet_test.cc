// SPDX-License-Identifier: Apache-2.0
#include "flow/lost_packet.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "flow/lost_content.h"
#include "tests/packets/packets.h"

namespace candor {
namespace {

const FlowKey kKey = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);

LostPacket Lost(candor_dir dir, const Bytes& payload) {
  const Bytes ip = Udp(kKey, dir, payload);
  LostPacket p;
  p.direction = dir;
  p.reason = CANDOR_DROP_NETFILTER;
  p.length = static_cast<uint16_t>(ip.size());
  p.captured = static_cast<uint16_t>(std::min(ip.size(), p.head.size()));
  std::copy_n(ip.begin(), p.captured, p.head.begin());
  return p;
}

TEST(LostPacket, ShowsTheBytesThatWereCaptured) {
  const LostPacket p = Lost(CANDOR_IN, Rtp(7, 1));
  EXPECT_EQ(p.bytes().size(), p.captured);
  EXPECT_TRUE(std::equal(p.bytes().begin(), p.bytes().end(), p.head.begin()));
}

TEST(LostContent, OfACheckHasTheNamesOfBothSides) {
  const auto c = ContentOf(Lost(CANDOR_IN, Check("node:peer", 1, false)));
  ASSERT_TRUE(c.has_value());
  EXPECT_TRUE(FlowKeyEqual()(c->key, kKey));
  EXPECT_TRUE(c->check);
  EXPECT_TRUE(c->may_start);
  EXPECT_FALSE(c->acknowledges) << "a stranger can send it";
  // The node's own check names the same two sides in the other order.
  const auto own = ContentOf(Lost(CANDOR_OUT, Check("peer:node", 1, false)));
  ASSERT_TRUE(own.has_value());
  EXPECT_EQ(own->ufrag_hash, c->ufrag_hash);
  EXPECT_FALSE(own->acknowledges);
}

TEST(LostContent, OnlyASuccessOrAFlightFromTheNodeAcknowledges) {
  const auto acknowledges = [](candor_dir dir, const Bytes& payload) {
    const auto c = ContentOf(Lost(dir, payload));
    return c && c->acknowledges;
  };
  EXPECT_TRUE(acknowledges(CANDOR_OUT, CheckAnswer(1)));
  EXPECT_TRUE(acknowledges(CANDOR_OUT, Handshake(2, 0)));
  EXPECT_FALSE(acknowledges(CANDOR_OUT, Handshake(3, 0))) << "a HelloVerifyRequest is stateless";
  EXPECT_FALSE(acknowledges(CANDOR_OUT, CheckError(1, 401)));
  EXPECT_FALSE(acknowledges(CANDOR_OUT, Rtp(7, 1)));
  EXPECT_FALSE(acknowledges(CANDOR_IN, CheckAnswer(1)));
  EXPECT_FALSE(acknowledges(CANDOR_IN, Handshake(1, 0)));
}

TEST(LostContent, OfALargeFlightIsReadFromItsFirstBytes) {
  Bytes flight = Handshake(2, 0);
  flight = flight + DtlsRecord(22, 0, Bytes(900, 0));
  const LostPacket p = Lost(CANDOR_OUT, flight);
  ASSERT_LT(p.captured, p.length);
  const auto c = ContentOf(p);
  ASSERT_TRUE(c.has_value());
  EXPECT_TRUE(c->acknowledges);
}

TEST(LostContent, IsNothingForOtherDatagrams) {
  EXPECT_FALSE(ContentOf(Lost(CANDOR_IN, Bytes(40, 0xff))).has_value());
  EXPECT_FALSE(ContentOf(Lost(CANDOR_IN, {})).has_value());
  LostPacket cut = Lost(CANDOR_IN, Check("node:peer", 1, false));
  cut.captured = 24;
  EXPECT_FALSE(ContentOf(cut).has_value());
  EXPECT_FALSE(ContentOf(LostPacket{}).has_value());
}

}  // namespace
}  // namespace candor
