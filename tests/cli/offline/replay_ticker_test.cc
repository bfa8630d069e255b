// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_ticker.h"

#include <gtest/gtest.h>

namespace candor::cli {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kTick = milliseconds(250);
const Time kFirst = Time(seconds(1795357368));

TEST(ReplayTicker, TicksFourTimesASecondThroughAnOrdinarySilence) {
  ReplayTicker t(kFirst, kTick);
  for (int i = 1; i <= 7200; ++i) {
    EXPECT_EQ(t.due(), kFirst + i * kTick);
    t.Advance();
  }
}

TEST(ReplayTicker, FiftyYearsOfSilenceCostNoMoreThanTwelveThousandTicks) {
  ReplayTicker t(kFirst, kTick);
  const Time later = kFirst + hours(24 * 365 * 50);
  int ticks = 0;
  for (; t.due() <= later; t.Advance()) ++ticks;
  EXPECT_GT(ticks, 7200);
  EXPECT_LT(ticks, 12000);
}

TEST(ReplayTicker, AfterALongSilenceThePipelineIsDueWithinOneTickOfTheNextPacket) {
  ReplayTicker t(kFirst, kTick);
  const Time later = kFirst + hours(240) + milliseconds(7);
  for (; t.due() <= later; t.Advance()) continue;
  EXPECT_GT(t.due(), later + kTick) << "the steps have grown longer than a tick";
  t.Resume(later);
  EXPECT_EQ(t.due(), later + kTick);
  t.Advance();
  EXPECT_EQ(t.due(), later + 2 * kTick);
}

TEST(ReplayTicker, PacketsDoNotMoveTheGrid) {
  ReplayTicker t(kFirst, kTick);
  t.Resume(kFirst + milliseconds(100));
  t.Resume(kFirst + milliseconds(249));
  EXPECT_EQ(t.due(), kFirst + kTick);
}

}  // namespace
}  // namespace candor::cli
