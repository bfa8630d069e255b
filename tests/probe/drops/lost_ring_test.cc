// SPDX-License-Identifier: Apache-2.0
#include "probe/drops/lost_ring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

candor_lost Sample() {
  candor_lost raw{};
  raw.time_ns = 42;
  raw.cgroup_id = 77;
  raw.segments = 3;
  raw.length = 600;
  raw.captured = 2;
  raw.direction = CANDOR_OUT;
  raw.reason = CANDOR_DROP_QDISC;
  raw.head[0] = 0x45;
  raw.head[1] = 0xb8;
  raw.head[2] = 0xff;  // left by an earlier record
  return raw;
}

TEST(DecodeLost, ARecordBecomesAPacketWithTheBytesThatWereRead) {
  const auto raw = Sample();
  const auto lost = DecodeLost(&raw, sizeof raw);
  ASSERT_TRUE(lost) << lost.error().message;
  EXPECT_EQ(lost->at, TimeFromNanos(42));
  EXPECT_EQ(lost->direction, CANDOR_OUT);
  EXPECT_EQ(lost->reason, CANDOR_DROP_QDISC);
  EXPECT_EQ(lost->cgroup_id, 77u);
  EXPECT_EQ(lost->segments, 3u);
  EXPECT_EQ(lost->length, 600u);
  EXPECT_THAT(lost->bytes(), ElementsAre(0x45, 0xb8));
  EXPECT_EQ(lost->head[2], 0) << "not read from this packet";
}

TEST(DecodeLost, AShortRecordIsRefused) {
  const auto raw = Sample();
  EXPECT_THAT(DecodeLost(&raw, sizeof raw - 1).error().message,
              HasSubstr("expected " + std::to_string(sizeof raw)));
}

TEST(DecodeLost, ADirectionAReasonOrALengthThatIsNoneIsRefused) {
  for (const auto change :
       {+[](candor_lost* r) { r->direction = 2; }, +[](candor_lost* r) { r->reason = CANDOR_DROP_MAX; },
        +[](candor_lost* r) { r->reason = CANDOR_DROP_NONE; },
        +[](candor_lost* r) { r->captured = CANDOR_LOST_BYTES + 1; }}) {
    auto raw = Sample();
    EXPECT_TRUE(DecodeLost(&raw, sizeof raw));
    change(&raw);
    EXPECT_FALSE(DecodeLost(&raw, sizeof raw));
  }
}

TEST(LostRing, ADescriptorThatIsNoRingIsAnError) { EXPECT_FALSE(LostRing::Open(-1)); }

}  // namespace
}  // namespace candor
