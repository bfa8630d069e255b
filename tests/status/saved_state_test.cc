// SPDX-License-Identifier: Apache-2.0
#include "status/saved_state.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using namespace std::chrono_literals;

SavedState Example() {
  SavedState s;
  s.at = WallTime(1'780'402'215s + 7ns);
  s.boot = BootTime(5h + 3ns);
  s.boot_id = "one";
  s.baseline_at = s.boot - 1min;
  s.overrides.drain = DrainOverride{"kernel update", "root (uid 0, pid 1)", s.boot - 2h};
  s.overrides.state_override =
      StateOverride{State::kFailing, "because", "ops (uid 7, pid 2)", s.boot, s.boot + 1h};
  return s;
}

TEST(SavedState, OnTheSameBootTheWallClockMayBeAnywhere) {
  const SavedState s = Example();
  for (const Duration step : {Duration(1h), Duration(-1h), Duration(24h * 9000), Duration(-24h * 9000)}) {
    const SavedState now = OnThisBoot(s, "one", s.boot + 10min, s.at + 10min + step);
    EXPECT_EQ(now.overrides, s.overrides);
    EXPECT_EQ(now.baseline_at, s.baseline_at);
    EXPECT_TRUE(InForce(now.overrides, s.boot + 59min).state_override);
    EXPECT_FALSE(InForce(now.overrides, s.boot + 1h).state_override);
  }
}

TEST(SavedState, AfterAnotherBootTheTimeBetweenIsTheWallClocks) {
  const SavedState s = Example();
  // Down for 20 minutes, up for one.
  const BootTime boot(1min);
  const SavedState now = OnThisBoot(s, "two", boot, s.at + 21min);
  EXPECT_EQ(now.overrides.state_override->until, boot + 39min);
  EXPECT_EQ(now.overrides.drain->since, boot - 21min - 2h);
  EXPECT_EQ(now.baseline_at, boot - 22min);
  EXPECT_EQ(now.boot_id, "two");
  // What is saved from here on means the same to the boot after this one.
  const SavedState later = OnThisBoot(now, "three", BootTime(5s), s.at + 31min);
  EXPECT_EQ(later.overrides.state_override->until, BootTime(5s) + 29min);
  EXPECT_FALSE(InForce(OnThisBoot(s, "two", boot, s.at + 1h).overrides, boot).state_override);
}

TEST(SavedState, AClockThatWasSetBackWhileDownProlongsNothing) {
  const SavedState s = Example();
  const BootTime boot(1min);
  const SavedState now = OnThisBoot(s, "two", boot, s.at - 24h);
  EXPECT_EQ(now.overrides.state_override->until, boot + 1h) << "what was left when it was saved";
}

TEST(SavedState, AnUnknownBootAndABootClockThatRanBackwardsAreAnotherBoot) {
  SavedState s = Example();
  const BootTime before = s.boot - 4h;
  EXPECT_EQ(OnThisBoot(s, "one", before, s.at + 5min).overrides.state_override->until, before + 55min);
  s.boot_id.clear();
  EXPECT_EQ(OnThisBoot(s, "", s.boot, s.at + 5min).overrides.state_override->until, s.boot + 55min);
}

}  // namespace
}  // namespace candor
