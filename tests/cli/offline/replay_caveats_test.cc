// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_caveats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor::cli {
namespace {

using ::testing::HasSubstr;

TEST(ReplayCaveats, IsEmptyForACaptureThatLacksNothing) {
  EXPECT_EQ(RenderCaveats({}), "");
  EXPECT_EQ(RenderWarnings({}), "");
}

TEST(ReplayCaveats, NamesEveryTimestampFaultWithItsFirstPacket) {
  ReplayReport r;
  r.timestamps.invalid = {3, 5, {}};
  r.timestamps.late = {2, 7, std::chrono::milliseconds(1500)};
  r.timestamps.outliers = {1, 9, std::chrono::hours(48)};
  r.timestamps.clock_set_back = {1, 11, std::chrono::seconds(42)};
  r.timestamps.gaps = {1, 13, std::chrono::hours(72)};
  const std::string text = RenderCaveats(r);
  EXPECT_THAT(
      text, HasSubstr("3 packets with an invalid time, such as 1,000,000 microseconds of a second (the first "
                      "is packet 5)"));
  EXPECT_THAT(text, HasSubstr("2 packets older than one before them (by at most 1.500 s)"));
  EXPECT_THAT(text, HasSubstr("1 packet with a time up to 2 d from all around them (the first is packet 9)"));
  EXPECT_THAT(text, HasSubstr("1 time the clock was set back, by at most 42 s (the first is packet 11)"));
  EXPECT_THAT(text, HasSubstr("1 time the clock jumps ahead, by at most 3 d (the first is packet 13)"));
}

TEST(ReplayCaveats, CountsCutPayloadsAndWarnsFromATenthOn) {
  ReplayReport r;
  r.intake.payload = {90, 6, 3};
  EXPECT_THAT(RenderCaveats(r),
              HasSubstr("3 UDP packets of the node cut before their payload: tcpdump -s 200 or more"));
  EXPECT_THAT(RenderCaveats(r), HasSubstr("6 UDP packets of the node cut inside their payload"));
  EXPECT_EQ(RenderWarnings(r), "");
  r.intake.payload.none = 4;
  EXPECT_THAT(RenderWarnings(r),
              HasSubstr("of 100 UDP packets of the node 10 were cut before or inside their payload"));
}

TEST(ReplayCaveats, WarnsWhereATenthOfThePacketsEndsInItsHeadersOrHasAnInvalidTime) {
  ReplayReport r;
  r.intake.captured = 100;
  r.intake.cut = 9;
  r.timestamps.invalid = {9, 1, {}};
  EXPECT_EQ(RenderWarnings(r), "");
  r.intake.cut = 10;
  EXPECT_THAT(RenderWarnings(r), HasSubstr("of 100 packets 10 end inside their headers"));
  r.timestamps.invalid.count = 10;
  EXPECT_THAT(RenderWarnings(r), HasSubstr("of 100 packets 10 have an invalid time"));
}

TEST(ReplayCaveats, WarnsWhereHalfOfTheFlowsLackADirection) {
  ReplayReport r;
  r.asymmetry = {10, 4, 0};
  EXPECT_THAT(RenderCaveats(r), HasSubstr("4 flows whose peer continued as after an answer"));
  EXPECT_EQ(RenderWarnings(r), "");
  r.asymmetry.missing_in = 1;
  EXPECT_THAT(RenderWarnings(r), HasSubstr("of 10 flows 5 lack one direction in this capture"));
}

}  // namespace
}  // namespace candor::cli
