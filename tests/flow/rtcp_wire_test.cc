// SPDX-License-Identifier: Apache-2.0
// What the peer's unencrypted RTCP says of the node's media (RFC 3550 section 6.4).
#include <gtest/gtest.h>

#include <set>

#include "wire.h"

namespace candor {
namespace {

constexpr uint64_t kEvery = 5000;  // ms between reports

// A plain flow that is active: its RTCP would take the fast path.
Wire Active() {
  Wire w;
  w.In(Rtp(7, 1)).Out(Rtp(8, 1)).In(Rtp(7, 2)).Out(Rtp(8, 2));
  EXPECT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
  return w;
}

int New(const Wire& w) { return w.flow().reports_new; }
int None(const Wire& w) { return w.flow().reports_none; }

TEST(RtcpWire, AReportThatMoreWasReceivedIsCounted) {
  Wire w = Active();
  w.In(ReceiverReport(7, {100})).Wait(kEvery).In(ReceiverReport(7, {350}));
  EXPECT_EQ(New(w), 2);
  EXPECT_EQ(None(w), 0);
  EXPECT_EQ(w.flow().report_highest, 350u);
}

TEST(RtcpWire, NothingNewIsNoBlockOrANumberThatStandsStill) {
  Wire w = Active();
  w.In(ReceiverReport(7, {100}))
      .Wait(kEvery)
      .In(ReceiverReport(7, {100}))
      .Wait(kEvery)
      .In(ReceiverReport(7, {}));
  EXPECT_EQ(New(w), 1);
  EXPECT_EQ(None(w), 2);
  w.Wait(kEvery).In(ReceiverReport(7, {101}));
  EXPECT_EQ(New(w), 2);
  EXPECT_EQ(None(w), 0);
}

TEST(RtcpWire, ReportsWithoutBlocksFromTheBeginningAreCounted) {
  Wire w = Active();
  for (int i = 0; i < 3; ++i) w.In(ReceiverReport(7, {})).Wait(kEvery);
  EXPECT_EQ(New(w), 0);
  EXPECT_EQ(None(w), 3);
}

TEST(RtcpWire, ABlockOfZerosReceivedNothing) {
  Wire w = Active();
  w.In(ReceiverReport(7, {0})).Wait(kEvery).In(ReceiverReport(7, {0}));
  EXPECT_EQ(New(w), 0);
  EXPECT_EQ(None(w), 2);
}

// Feedback of a video call comes every few milliseconds, and a network may duplicate.
TEST(RtcpWire, NothingNewCountsOnceInTwoSeconds) {
  Wire w = Active();
  w.In(ReceiverReport(7, {100}));
  for (int i = 0; i < 90; ++i) w.In(ReceiverReport(7, {100}));  // 20 ms apart
  EXPECT_EQ(None(w), 0);
  for (int i = 0; i < 100; ++i) w.In(ReceiverReport(7, {100}));
  EXPECT_EQ(None(w), 1);
}

TEST(RtcpWire, CountsGoOnWhereTheirTypeEnds) {
  Wire w = Active();
  for (uint32_t i = 1; i <= 256; ++i) w.In(ReceiverReport(7, {i}));
  EXPECT_EQ(New(w), 1) << "255 is followed by 1, so that 0 means none";
  std::set<int> seen;
  for (int i = 0; i < 300; ++i) {
    const int before = None(w);
    w.Wait(kEvery).In(ReceiverReport(7, {256}));
    EXPECT_NE(None(w), before) << "each one shows";
    seen.insert(None(w));
  }
  EXPECT_EQ(*seen.rbegin(), 255);
  EXPECT_GE(None(w), 128);
}

TEST(RtcpWire, SenderReportsAndFurtherPacketsOfTheCompoundAreReadToo) {
  Wire w = Active();
  const Bytes description = {0x81, 202, 0, 2, 0, 0, 0, 7, 1, 2, 'a', 0};
  w.In(SenderReport(7, {100}) + description).Wait(kEvery);
  EXPECT_EQ(New(w), 1);
  w.In(SenderReport(7, {}) + ReceiverReport(7, {101}) + description);
  EXPECT_EQ(New(w), 2) << "the blocks of a second report";
  EXPECT_EQ(w.flow().report_highest, 101u);
}

TEST(RtcpWire, OfSeveralSourcesOneThatMovesOnIsEnough) {
  Wire w = Active();
  w.In(ReceiverReport(7, {100, 500})).Wait(kEvery).In(ReceiverReport(7, {100, 501}));
  EXPECT_EQ(New(w), 2);
  w.Wait(kEvery).In(ReceiverReport(7, {100, 501}));
  EXPECT_EQ(None(w), 1);
}

TEST(RtcpWire, FurtherBlocksThanFourAreIgnored) {
  Wire w = Active();
  w.In(ReceiverReport(7, {1, 2, 3, 4, 5})).Wait(kEvery).In(ReceiverReport(7, {1, 2, 3, 4, 6}));
  EXPECT_EQ(None(w), 1);
}

// SRTCP (RFC 3711 section 3.4) ends with an index, whose first bit says "encrypted", and a tag.
TEST(RtcpWire, EncryptedReportsAreNotRead) {
  for (const size_t tag : {4, 10, 16}) {
    Wire w = Active();
    for (uint8_t i = 0; i < 5; ++i) {
      const Bytes index = {0x80, 0, 0, i};
      w.In(ReceiverReport(7, {100}) + index + Bytes(tag, 0xc8)).Wait(kEvery);
      w.In(SenderReport(7, {}) + Bytes(16, static_cast<uint8_t>(0x90 + i)) + index + Bytes(tag, 1))
          .Wait(kEvery);
    }
    EXPECT_EQ(New(w) + None(w), 0) << tag;
  }
}

TEST(RtcpWire, WhatDoesNotAddUpOrHasNoReportIsNotRead) {
  Wire w = Active();
  Bytes blocks_missing = ReceiverReport(7, {100});
  blocks_missing[0] = 0x82;
  Bytes other_version = ReceiverReport(7, {}) + ReceiverReport(7, {100});
  other_version[8] = 0x41;
  Bytes many;
  for (int i = 0; i < 9; ++i) many = many + ReceiverReport(7, {100});
  const Bytes feedback = {0x81, 206, 0, 2, 0, 0, 0, 7, 0, 0, 0, 8};
  for (const Bytes& odd :
       {ReceiverReport(7, {100}) + Bytes{0}, ReceiverReport(7, {100}) + Bytes{0x80, 202, 0, 9},
        blocks_missing, other_version, many, feedback})
    w.In(odd).Wait(kEvery);
  EXPECT_EQ(New(w) + None(w), 0);
}

TEST(RtcpWire, WhatASnapLengthHidesIsNotRead) {
  for (const size_t seen : {19, 34}) {
    Wire w = Active();
    w.Cut(CANDOR_IN, ReceiverReport(7, {100}) + ReceiverReport(9, {}), seen);
    EXPECT_EQ(New(w) + None(w), 0) << seen;
  }
}

TEST(RtcpWire, TheNodesOwnReportsSayNothingOfItsMedia) {
  Wire w = Active();
  w.Out(ReceiverReport(8, {100})).Wait(kEvery).Out(ReceiverReport(8, {}));
  EXPECT_EQ(New(w) + None(w), 0);
}

// Where DTLS made the keys RTCP is encrypted: it is not read, and stays on the fast path.
TEST(RtcpWire, OfASessionWithDtlsNothingIsRead) {
  Wire w;
  w.Nominated().In(Handshake(1, 0)).In(Rtp(7, 1)).Out(Rtp(8, 1)).In(Rtp(7, 2));
  ASSERT_EQ(w.phase(), CANDOR_PHASE_ACTIVE);
  w.In(ReceiverReport(7, {100}));
  EXPECT_EQ(New(w), 0);
}

TEST(RtcpWire, RtcpWithAFiveTupleOfItsOwnIsReadThere) {
  Wire w;
  for (uint32_t i = 1; i < 4; ++i) w.In(ReceiverReport(7, {i})).Out(ReceiverReport(8, {i})).Wait(kEvery);
  EXPECT_EQ(New(w), 3);
}

TEST(RtcpWire, AnotherCallOnThePortsBeginsAnew) {
  Wire w = Active();
  w.In(ReceiverReport(7, {100})).Wait(10'000).In(Rtp(9, 1));
  EXPECT_EQ(w.flow().generation, 1);
  EXPECT_EQ(New(w), 0);
}

}  // namespace
}  // namespace candor
