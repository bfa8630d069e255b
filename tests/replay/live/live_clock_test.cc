// SPDX-License-Identifier: Apache-2.0
#include "replay/live/live_clock.h"

#include <gtest/gtest.h>

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
  EXPECT_EQ(c.At(seconds(9001)), At(seconds(102))) << "the next batch has the new offset";
}

}  // namespace
}  // namespace candor
