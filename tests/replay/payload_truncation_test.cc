// SPDX-License-Identifier: Apache-2.0
#include "replay/payload_truncation.h"

#include <gtest/gtest.h>

#include "tests/replay/capture_bytes.h"

namespace candor {
namespace {

using namespace testing;  // capture_bytes.h

PayloadTruncation Of(const Bytes& captured, uint32_t wire) {
  PayloadTruncation t;
  t.Add({captured, wire});
  return t;
}

TEST(PayloadTruncation, NeedsTheBytesOfEachKind) {
  const struct {
    const char* what;
    uint8_t first, second;
    size_t needed;
  } rows[] = {{"STUN", 0, 1, 60}, {"DTLS", 22, 0xfe, 25}, {"RTP", 0x80, 96, 12}, {"RTCP", 0x80, 200, 8}};
  for (const auto& r : rows) {
    Bytes payload(r.needed, 0);
    payload[0] = r.first;
    payload[1] = r.second;
    EXPECT_EQ(Of(payload, 900).complete, 1u) << r.what;
    EXPECT_EQ(Of(payload, 900).Short(), 0u) << r.what;
    payload.pop_back();
    EXPECT_EQ(Of(payload, 900).cut, 1u) << r.what;
    EXPECT_EQ(Of(payload, static_cast<uint32_t>(payload.size())).complete, 1u)
        << r.what << ": no longer on the wire";
  }
  EXPECT_EQ(Of({}, 900).none, 1u);
}

TEST(PayloadTruncation, AnEmptyDatagramAndOneOfAnotherKindDoNotCount) {
  EXPECT_EQ(Of({}, 0).Short(), 0u);
  EXPECT_EQ(Of({0x50}, 900).Short(), 0u) << "QUIC";
  EXPECT_FALSE(Of({0x50}, 900).IsShort(0.1));
}

TEST(PayloadTruncation, IsShortFromItsShareOn) {
  PayloadTruncation t;
  for (int i = 0; i < 9; ++i) t.Add({Rtp(1, 1), 32});
  t.Add({{}, 32});
  EXPECT_TRUE(t.IsShort(0.1));
  EXPECT_FALSE(t.IsShort(0.11));
}

}  // namespace
}  // namespace candor
