// SPDX-License-Identifier: Apache-2.0
// Plain RTP: what is accepted as RTP, what is not, and where one call ends and the next begins.
#include <gtest/gtest.h>

#include "wire.h"

namespace candor {
namespace {

// One stream; every packet advances it by its fields.
struct Stream {
  uint32_t ssrc;
  uint16_t sequence = 1000;
  uint32_t timestamp = 0xffff0000;  // wraps
  Bytes Next(uint32_t units, uint8_t type = 96, bool marker = false) {
    timestamp += units;
    return RtpOf({ssrc, sequence++, timestamp, type, marker});
  }
};

// A video frame is several packets with one timestamp; sound goes on by 160 units each 20 ms.
TEST(PlainRtp, IsFollowedFromTheSecondPacketOnWhenTheNodeSendsAsWell) {
  Stream in{7}, out{8};
  Wire w;
  w.In(in.Next(160)).Out(out.Next(160)).In(in.Next(160));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
}

TEST(PlainRtp, FromThePeerAloneNeedsFiveInSequence) {
  Stream in{7};
  Wire w;
  for (int i = 0; i < 4; ++i) w.In(in.Next(160));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NONE);
  w.In(in.Next(160));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_OFFERED);
}

TEST(PlainRtp, VideoCountsByItsFrames) {
  Stream in{7}, out{8};
  Wire w;
  for (int i = 0; i < 30; ++i) w.In(in.Next(0));  // a key frame
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NONE);
  w.Out(out.Next(3000)).In(in.Next(3000));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
}

TEST(PlainRtp, DecodingOrderSilenceComfortNoiseAndTonesDoNotDisproveIt) {
  Stream video{7}, sound{7};
  Wire w, quiet;
  for (const int units : {9000, -6000, 3000, 9000, -6000, 3000, 9000, -6000, 3000, 9000})
    w.In(video.Next(static_cast<uint32_t>(units)));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_OFFERED);
  quiet.In(sound.Next(160, 0)).In(sound.Next(160, 0)).In(sound.Next(160, 13));
  quiet.Wait(4000).In(sound.Next(32000, 0, true)).In(sound.Next(160, 0)).In(sound.Next(160, 101));
  for (int i = 0; i < 5; ++i) quiet.In(sound.Next(0, 101));
  quiet.In(sound.Next(1280, 0)).In(sound.Next(160, 0)).In(sound.Next(160, 0));
  EXPECT_EQ(quiet.phase(), CANDOR_PHASE_OFFERED);
}

TEST(PlainRtp, ALossAndAnotherSsrcOnlyRestartTheProbation) {
  Stream first{7}, second{9}, out{8};
  Wire w;
  w.In(first.Next(160)).Out(out.Next(160)).In(second.Next(160));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NONE);
  second.sequence += 40;
  w.In(second.Next(160));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NONE);
  w.In(second.Next(160));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
}

// Header fields of other protocols that are constant or count by one (BACnet/IP, games, telemetry).
TEST(PlainRtp, IsNotWhatHasNoClock) {
  for (const uint32_t units : {0u, 1u, 7u, 0x01000000u, 0x80000000u}) {
    for (const uint64_t pause : {0, 380}) {
      if (units == 0 && pause == 0) continue;  // one endless frame: see above
      Stream in{7}, out{8};
      Wire w;
      for (int i = 0; i < 50; ++i) w.Wait(pause).In(in.Next(units)).Out(out.Next(units));
      EXPECT_EQ(w.phase(), CANDOR_PHASE_NONE) << units << " units each " << pause << " ms";
    }
  }
}

TEST(PlainRtp, IsNotWhatNeverCounts) {
  Wire w;
  for (int i = 0; i < 50; ++i) {
    const RtpHeader h{7, static_cast<uint16_t>(32 + i % 3 * 20), static_cast<uint32_t>(160 * i), 10, false};
    w.In(RtpOf(h)).Out(RtpOf(h));
  }
  EXPECT_EQ(w.phase(), CANDOR_PHASE_NONE);
}

TEST(PlainRtp, AnExtensionThatDoesNotFitProvesNothing) {
  Wire good, bad;
  for (uint16_t i = 1; i < 20; ++i) {
    Bytes whole = Rtp(7, i);
    whole[0] = 0x90;
    whole[14] = 0;
    whole[15] = 2;
    Bytes too_long = whole;
    too_long[14] = 1;
    good.In(whole);
    bad.In(too_long).Out(too_long);
  }
  EXPECT_EQ(good.phase(), CANDOR_PHASE_OFFERED);
  EXPECT_EQ(bad.phase(), CANDOR_PHASE_NONE);
}

TEST(PlainRtp, OfRtcpOnlyReportsProveIt) {
  Wire reports, other, short_one, padded;
  for (int i = 0; i < 10; ++i) {
    Bytes name = Rtcp(7), blocks = Rtcp(7), padding = Rtcp(7);
    name[1] = 196;
    blocks[0] = 0x9f;  // 31 blocks in 32 bytes
    padding[0] |= 0x20;
    reports.In(Rtcp(7)).Out(Rtcp(8));
    other.In(name).Out(name);
    short_one.In(blocks).Out(blocks);
    padded.In(padding).Out(padding);
  }
  EXPECT_EQ(reports.phase(), CANDOR_PHASE_ACTIVE);
  for (const Wire& w : {other, short_one, padded}) EXPECT_EQ(w.phase(), CANDOR_PHASE_NONE);
}

class Call {
 public:
  explicit Call(Wire& w) : w_(w) {}
  void Talk(uint32_t in, uint32_t out) {
    Stream peer{in}, node{out};
    for (int i = 0; i < 10; ++i) {
      if (in != 0) w_.In(peer.Next(160));
      if (out != 0) w_.Out(node.Next(160));
    }
  }

 private:
  Wire& w_;
};

TEST(PlainRtp, AnotherSsrcAfterAPauseIsAnotherCall) {
  Wire w;
  Call call(w);
  call.Talk(7, 8);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
  EXPECT_FALSE(w.has(CANDOR_F_BEGAN));
  w.Wait(2000);
  call.Talk(9, 0);  // this time the node sends nothing
  EXPECT_EQ(w.flow().generation, 1);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_OFFERED);
  EXPECT_TRUE(w.has(CANDOR_F_BEGAN));
  EXPECT_EQ(w.waiting_on_now(), CANDOR_WAITING_ON_NODE);
}

TEST(PlainRtp, TheSameSsrcAfterAPauseIsTheSameCall) {
  Wire w;
  Call call(w);
  call.Talk(7, 8);
  w.Wait(60'000);
  call.Talk(7, 8);
  EXPECT_EQ(w.flow().generation, 0);
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
}

TEST(PlainRtp, AnotherSsrcInMidCallOrBesideTheOtherDirectionsMediaIsTheSameCall) {
  Wire w, held;
  Call call(w), one(held);
  call.Talk(7, 8);
  call.Talk(9, 8);
  EXPECT_EQ(w.flow().generation, 0);
  one.Talk(7, 8);
  for (int i = 0; i < 5; ++i) {
    held.Wait(1000);
    one.Talk(0, 8);
  }
  one.Talk(9, 8);
  EXPECT_EQ(held.flow().generation, 0);
}

TEST(PlainRtp, WithIceTheUfragDecides) {
  Wire w;
  w.Nominated();
  Call call(w);
  call.Talk(7, 8);
  w.Wait(5000);
  call.Talk(9, 10);
  EXPECT_EQ(w.flow().generation, 0);
}

}  // namespace
}  // namespace candor
