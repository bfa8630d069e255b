// SPDX-License-Identifier: Apache-2.0
#include "attempt/flow_index.h"

#include <gtest/gtest.h>

#include "tests/packets/packets.h"

namespace candor {
namespace {

const FlowKey kRtp = KeyOf("192.0.2.1", 30000, "198.51.100.7", 40000);
const FlowKey kRtcp = KeyOf("192.0.2.1", 30001, "198.51.100.7", 40001);
const FlowKey kOther = KeyOf("192.0.2.1", 7882, "203.0.113.9", 50000);

FlowState With(uint64_t ufrag_hash, uint32_t flags = 0) {
  FlowState f{};
  f.ufrag_hash = ufrag_hash;
  f.flags = flags;
  return f;
}

TEST(FlowIndex, AFlowIsFoundByItsUfragOnAnyTuple) {
  FlowIndex index;
  index.Bind(kRtp, With(5), 1);
  EXPECT_EQ(index.Find(kOther, With(5)), 1u);
  EXPECT_EQ(index.Find(kRtp, With(6)), 0u) << "another ufrag on the same 5-tuple";
  EXPECT_EQ(index.Owner(kRtp), 1u);
}

TEST(FlowIndex, OfTwoAttemptsWithOneUfragTheFirstIsBoundToIt) {
  FlowIndex index;
  index.Bind(kRtp, With(5), 1);
  index.Bind(kOther, With(5), 2);
  EXPECT_EQ(index.Find(kOther, With(5)), 1u);
  index.Retire(5, 2);
  EXPECT_EQ(index.Find(kOther, With(5)), 1u) << "it is not bound to 2";
  index.Retire(5, 1);
  EXPECT_EQ(index.Find(kOther, With(5)), 0u);
}

TEST(FlowIndex, RtcpBelongsToTheRtpBelow) {
  FlowIndex index;
  index.Bind(kRtp, With(0, CANDOR_F_RTP_IN), 1);
  EXPECT_EQ(index.Find(kRtcp, With(0)), 1u);
  EXPECT_EQ(index.Find(kRtcp, With(0, CANDOR_F_RTP_IN)), 0u) << "it has RTP of its own";
}

TEST(FlowIndex, OnlyItsOwnerUnbindsAFlow) {
  FlowIndex index;
  index.Bind(kRtp, With(0), 1);
  index.Bind(kRtp, With(0), 2);
  index.Unbind(kRtp, 1);
  EXPECT_EQ(index.Owner(kRtp), 2u);
  index.Unbind(kRtp, 2);
  EXPECT_EQ(index.Owner(kRtp), 0u);
}

}  // namespace
}  // namespace candor
