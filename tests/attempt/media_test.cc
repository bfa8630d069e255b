// SPDX-License-Identifier: Apache-2.0
// The kinds of media that events report.
#include <gtest/gtest.h>

#include "scene.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

const FlowKey kHost = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);
const FlowKey kOther = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40001);
const Client kAnna{kHost, "NODE:anna"};

std::vector<int> ReportedMedia(const Scene& s) {
  std::vector<int> media;
  for (const AttemptEvent& e : s.events()) {
    if (e.kind == Kind::kMedia) media.push_back(e.media);
  }
  return media;
}

TEST(Media, EachNewKindIsReportedOnce) {
  Scene s;
  kAnna.Ice(s);
  const Bytes data = DtlsRecord(23, 1, Bytes(30, 1));
  kAnna.Dtls(s).In(kHost, Rtp(7, 1)).Out(kHost, data).In(kHost, data).In(kHost, Rtp(7, 2));
  s.Out(kHost, Rtp(8, 1)).Out(kHost, Rtp(8, 2)).Wait(5);
  EXPECT_EQ(ReportedMedia(s), (std::vector<int>{kRtpIn, kRtpIn | kDataOut, kRtpIn | kDataOut | kDataIn, 15}));
  EXPECT_EQ(s.Find("NODE").media, 15);
}

TEST(Media, RtcpIsNone) {
  Scene s;
  kAnna.Ice(s);
  kAnna.Dtls(s).In(kHost, Rtp(7, 1)).Wait(2).Out(kHost, Rtcp(8));
  EXPECT_EQ(s.Find("NODE").outcome, Outcome::kActive);
  EXPECT_EQ(s.Find("NODE").media, kRtpIn);
}

TEST(Media, ItIsMergedOverTheFlowsOfAnAttempt) {
  Scene s;
  kAnna.Ice(s);
  Client{kOther, "NODE:anna"}.Ice(s, 2);
  s.In(kHost, Rtp(7, 1)).Out(kOther, Rtp(8, 1));
  EXPECT_EQ(s.Find("NODE").media, kRtpIn | kRtpOut);
  EXPECT_EQ(s.events().back().media, kRtpIn | kRtpOut);
}

TEST(Media, EveryEventCarriesIt) {
  Scene s;
  kAnna.Up(s).Wait(70);
  EXPECT_EQ(s.events().back().kind, Kind::kClosed);
  EXPECT_EQ(s.events().back().media, kRtpIn | kRtpOut);
}

}  // namespace
}  // namespace candor
