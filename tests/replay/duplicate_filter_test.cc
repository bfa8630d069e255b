// SPDX-License-Identifier: Apache-2.0
#include "replay/duplicate_filter.h"

#include <gtest/gtest.h>

#include "tests/replay/layers/encapsulated_bytes.h"

namespace candor {
namespace {

using namespace testing;  // layers/encapsulated_bytes.h
using std::chrono::milliseconds;

class DuplicateFilterTest : public ::testing::Test {
 protected:
  bool IsCopy(milliseconds at, const Bytes& ethernet) {
    const auto wire = static_cast<uint32_t>(ethernet.size());
    return filter_.IsCopy(Time(at), Decapsulate(1, ethernet, wire, Depth::kInnermostIp));
  }
  static Bytes Plain(uint16_t sequence) { return Ethernet4(Udp4(1, 5000, 2, 6000, Rtp(sequence, 7))); }
  static Bytes Mirrored(uint16_t sequence) { return Ethernet4(Ip4(47, Erspan2(Plain(sequence)))); }
  static Bytes InVxlan(uint16_t sequence) { return Ethernet4(ToPort(4789, Vxlan(Plain(sequence)))); }

  DuplicateFilter filter_;
};

TEST_F(DuplicateFilterTest, APlainPacketAndItsMirroredOneAreCopiesInEitherOrder) {
  EXPECT_FALSE(IsCopy(milliseconds(1), Mirrored(1)));
  EXPECT_TRUE(IsCopy(milliseconds(2), Plain(1)));
  EXPECT_FALSE(IsCopy(milliseconds(3), Plain(2)));
  EXPECT_TRUE(IsCopy(milliseconds(4), InVxlan(2)));
}

TEST_F(DuplicateFilterTest, TheSamePacketInTheSameEncapsulationIsARetransmission) {
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(IsCopy(milliseconds(i), Mirrored(1)));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(IsCopy(milliseconds(2000 + i), Plain(1))) << "long after";
}

TEST_F(DuplicateFilterTest, EachRetransmissionHasOneCopy) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(IsCopy(milliseconds(100 * i), Mirrored(1)));
    EXPECT_TRUE(IsCopy(milliseconds(100 * i + 1), Plain(1)));
  }
}

TEST_F(DuplicateFilterTest, OfAPacketInThreeEncapsulationsOneCounts) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(IsCopy(milliseconds(100 * i), Mirrored(1)));
    EXPECT_TRUE(IsCopy(milliseconds(100 * i + 1), Plain(1)));
    EXPECT_TRUE(IsCopy(milliseconds(100 * i + 2), InVxlan(1)));
  }
}

TEST_F(DuplicateFilterTest, ACaptureWithoutEncapsulationsHasNone) {
  EXPECT_FALSE(IsCopy(milliseconds(1), Plain(1)));
  EXPECT_FALSE(IsCopy(milliseconds(1), Plain(1)));
}

}  // namespace
}  // namespace candor
