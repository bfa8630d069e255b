// SPDX-License-Identifier: Apache-2.0
#include "replay/live/drop_monitor.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using std::chrono::seconds;

Time At(Duration d) { return Time(d); }

TEST(DropMonitor, IsBlindAfterAWindowThatLostMoreThanOnePercentUntilOneThatDidNot) {
  DropMonitor w;
  w.Update(At(seconds(100)), 0, 0);
  w.Update(At(seconds(105)), 1000, 11);
  EXPECT_FALSE(w.blind()) << "the window is not over";
  w.Update(At(seconds(110)), 1001, 11);
  EXPECT_TRUE(w.blind());
  w.Update(At(seconds(120)), 3001, 31);
  EXPECT_FALSE(w.blind()) << "20 of 2000 is one percent and not more";
  EXPECT_EQ(w.dropped(), 31u);
  EXPECT_EQ(w.received(), 3001u);
}

TEST(DropMonitor, CountsOnWhenLibpcapsTotalsWrapAround) {
  DropMonitor w;
  w.Update(At(seconds(1)), 0xfffffff0u, 0xfffffffeu);
  w.Update(At(seconds(2)), 0x10, 1);
  EXPECT_EQ(w.received(), 0x100000010ull);
  EXPECT_EQ(w.dropped(), 0x100000001ull);
}

}  // namespace
}  // namespace candor
