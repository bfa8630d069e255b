// SPDX-License-Identifier: Apache-2.0
#include "verdict/drop_window.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

class DropWindowTest : public testing::Test {
 protected:
  static Time At(int s) { return TimeFromNanos(1'000'000'000'000 + s * 1'000'000'000LL); }
  // Seconds with `n` drops each of what clients send.
  void Seconds(int seconds, uint64_t n, candor_drop_reason r) {
    for (int i = 0; i < seconds; ++i) {
      counts_.at = At(now_++);
      counts_.drops[CANDOR_IN][r] += n;
      window_.Observe(counts_);
    }
  }
  uint64_t Since(int s, candor_drop_reason r) const { return window_.Since(At(s))[CANDOR_IN][r]; }

  DropWindow window_;
  SocketCounts counts_;
  int now_ = 0;
};

TEST_F(DropWindowTest, WithoutReadingsThereAreNone) {
  window_.Observe({});
  EXPECT_EQ(Since(0, CANDOR_DROP_NETFILTER), 0u);
}

TEST_F(DropWindowTest, DropsWithinTheWindowAreCountedFromTheReadingBeforeIt) {
  Seconds(90, 0, CANDOR_DROP_NETFILTER);
  Seconds(4, 25, CANDOR_DROP_NETFILTER);
  EXPECT_EQ(Since(90, CANDOR_DROP_NETFILTER), 75u) << "the reading at 90 s has the first 25";
  EXPECT_EQ(Since(89, CANDOR_DROP_NETFILTER), 100u);
  EXPECT_EQ(Since(89, CANDOR_DROP_NO_SOCKET), 0u);
}

TEST_F(DropWindowTest, WhatIsDroppedAllDayExplainsNothing) {
  Seconds(90, 10, CANDOR_DROP_NO_SOCKET);
  Seconds(4, 12, CANDOR_DROP_NO_SOCKET);
  EXPECT_EQ(Since(89, CANDOR_DROP_NO_SOCKET), 0u);
  Seconds(4, 200, CANDOR_DROP_NO_SOCKET);
  EXPECT_EQ(Since(93, CANDOR_DROP_NO_SOCKET), 800u);
}

TEST_F(DropWindowTest, NothingIsKnownOfTimesInWhichNothingWasCounted) {
  EXPECT_FALSE(window_.KnownSince(At(0)));
  Seconds(5, 0, CANDOR_DROP_NETFILTER);
  counts_.drops_known = true;
  Seconds(5, 0, CANDOR_DROP_NETFILTER);
  EXPECT_TRUE(window_.KnownSince(At(6)));
  EXPECT_FALSE(window_.KnownSince(At(3)));
}

TEST_F(DropWindowTest, CountsThatBeganAnewAreNoDrops) {
  Seconds(10, 100, CANDOR_DROP_NETFILTER);
  counts_.drops = {};
  Seconds(2, 5, CANDOR_DROP_NETFILTER);
  EXPECT_EQ(Since(8, CANDOR_DROP_NETFILTER), 0u);
}

TEST_F(DropWindowTest, DaysOfReadingsNeedNoMoreRoom) {
  Seconds(5000, 0, CANDOR_DROP_NETFILTER);
  Seconds(3, 7, CANDOR_DROP_NETFILTER);
  EXPECT_EQ(Since(4999, CANDOR_DROP_NETFILTER), 21u);
}

}  // namespace
}  // namespace candor
