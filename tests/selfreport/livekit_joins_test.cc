// SPDX-License-Identifier: Apache-2.0
#include "selfreport/livekit_joins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/selfreport/livekit_page.h"

namespace candor {
namespace {

using testing::HasSubstr;

std::string Join(const char* state, int n) {
  return "livekit_participant_join_total{node_id=\"ND_a\",node_type=\"SERVER\",state=\"" +
         std::string(state) + "\"} " + std::to_string(n) + "\n";
}

TEST(LiveKitJoins, ReadsARecordedPage) {
  const auto joins = LiveKitJoins(kLiveKitPage);
  ASSERT_TRUE(joins) << joins.error().message;
  EXPECT_EQ(joins->unavailable, "");
  EXPECT_EQ(joins->run, "ND_HUahUbczzzj5");
  EXPECT_EQ(joins->signalled, 123u);
  EXPECT_EQ(joins->begun, 123u);
  EXPECT_EQ(joins->up, 24u);
  EXPECT_EQ(joins->resumed, 1u) << "it was active again without new media";
  EXPECT_EQ(joins->cancelled, 67u);
}

TEST(LiveKitJoins, OfAFreshServerAllAreZero) {
  const auto joins = LiveKitJoins("livekit_participant_total{node_id=\"ND_a\",node_type=\"SERVER\"} 0\n");
  ASSERT_TRUE(joins) << joins.error().message;
  EXPECT_EQ(joins->run, "ND_a");
  EXPECT_EQ(joins->begun + joins->up + joins->resumed + joins->signalled + joins->cancelled, 0u);
}

TEST(LiveKitJoins, RtcConnectedIsNoMedia) {
  const auto joins = LiveKitJoins(Join("rtc_init", 9) + Join("rtc_connected", 9));
  ASSERT_TRUE(joins);
  EXPECT_EQ(joins->begun, 9u);
  EXPECT_EQ(joins->up, 0u);
}

TEST(LiveKitJoins, OfAServerThatDoesNotTellResumedOnesAllCountAsComeUp) {
  const auto joins = LiveKitJoins(Join("rtc_init", 9) + Join("rtc_active", 7));
  ASSERT_TRUE(joins);
  EXPECT_EQ(joins->up, 7u);
  EXPECT_EQ(joins->resumed, 0u);
}

TEST(LiveKitJoins, SaysWhatIsNoPageOfLiveKit) {
  EXPECT_THAT(LiveKitJoins("go_goroutines 7\n").error().message, HasSubstr("not LiveKit's"));
  EXPECT_THAT(LiveKitJoins("").error().message, HasSubstr("no livekit_participant_join_total"));
  EXPECT_THAT(LiveKitJoins("<html>").error().message, HasSubstr("line 1"));
}

TEST(LiveKitJoins, SumsOfManySamplesDoNotWrap) {
  std::string page;
  for (int i = 0; i < 3000; ++i) {
    for (const char* state : {"rtc_init", "rtc_active", "rtc_success"})
      page += "livekit_participant_join_total{state=\"" + std::string(state) + "\"} 9e15\n";
  }
  const auto joins = LiveKitJoins(page);
  ASSERT_TRUE(joins);
  EXPECT_EQ(joins->begun, 9'000'000'000'000'000u);
  EXPECT_EQ(joins->up, 9'000'000'000'000'000u);
  EXPECT_EQ(joins->resumed, 0u);
}

TEST(LiveKitJoins, WhatIsNoCountIsLeftOut) {
  const auto joins = LiveKitJoins(
      "livekit_participant_join_total{state=\"rtc_init\"} NaN\n"
      "livekit_participant_join_total{state=\"rtc_init\"} -3\n"
      "livekit_participant_join_total{state=\"rtc_init\"} +Inf\n"
      "livekit_participant_join_total 5\n");
  ASSERT_TRUE(joins);
  EXPECT_EQ(joins->begun, 0u);
}

}  // namespace
}  // namespace candor
