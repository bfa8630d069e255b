// SPDX-License-Identifier: Apache-2.0
//
// What of the live capture can be tried without a network: its clock, its watch over losses, its filter.
#include <gtest/gtest.h>

#include "replay/live/drop_monitor.h"
#include "replay/live/live_clock.h"
#include "replay/live/live_handle.h"
#include "replay/live/local_addresses.h"

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Time At(Duration d) { return Time(d); }

TEST(LiveClock, PutsWallClockStampsOnTheMonotonicClock) {
  LiveClock c;
  c.Sync(At(seconds(100)), seconds(5000));
  EXPECT_EQ(c.At(seconds(5000) - milliseconds(3)), At(seconds(100) - milliseconds(3)));
  EXPECT_EQ(c.At(seconds(5000) + milliseconds(2)), At(seconds(100) + milliseconds(2)));
}

TEST(LiveClock, NeverRunsBackwardsNorAwayWhenTheWallClockIsSet) {
  LiveClock c;
  c.Sync(At(seconds(100)), seconds(5000));
  EXPECT_EQ(c.At(seconds(5000)), At(seconds(100)));
  EXPECT_EQ(c.At(seconds(4000)), At(seconds(100))) << "set back by a thousand seconds";
  EXPECT_EQ(c.At(seconds(9000)), At(seconds(101))) << "set ahead";
  c.Sync(At(seconds(102)), seconds(9001));
  EXPECT_EQ(c.At(seconds(9001)), At(seconds(102))) << "the next batch knows the new offset";
}

TEST(DropMonitor, IsBlindAfterAWindowThatLostMoreThanOnePercentAndSeesAgainAfterOneThatDidNot) {
  DropMonitor w;
  w.Note(At(seconds(100)), 0, 0);
  w.Note(At(seconds(105)), 1000, 11);
  EXPECT_FALSE(w.blind()) << "the window is not over";
  w.Note(At(seconds(110)), 1001, 11);
  EXPECT_TRUE(w.blind());
  w.Note(At(seconds(120)), 3001, 31);
  EXPECT_FALSE(w.blind()) << "20 of 2000 is one percent and not more";
  EXPECT_EQ(w.dropped(), 31u);
  EXPECT_EQ(w.received(), 3001u);
}

TEST(DropMonitor, CountsOnWhenLibpcapsTotalsWrapAround) {
  DropMonitor w;
  w.Note(At(seconds(1)), 0xfffffff0u, 0xfffffffeu);
  w.Note(At(seconds(2)), 0x10, 1);
  EXPECT_EQ(w.received(), 0x100000010ull);
  EXPECT_EQ(w.dropped(), 0x100000001ull);
}

TEST(LiveFilter, TakesUdpAndThePortsThatWereNamed) {
  EXPECT_EQ(LiveFilter(0, 65535), "udp");
  EXPECT_EQ(LiveFilter(20000, 30000), "udp portrange 20000-30000");
}

TEST(LocalAddresses, HasLoopback) {
  const auto all = LocalAddresses();
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_NE(std::find(all->begin(), all->end(), IpAddress::V4(0x7f000001)), all->end());
}

}  // namespace
}  // namespace candor
