// SPDX-License-Identifier: Apache-2.0
#include "evidence/node_silence.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

Time S(double s) { return Time(FromSeconds(s)); }

TEST(NodeSilence, IsUnknownBeforeTheNodeHasSent) {
  NodeSilence silence;
  silence.Observe(S(5), Time{}, S(5), true);
  EXPECT_FALSE(silence.known());
  EXPECT_FALSE(silence.ExceedsBaseline(S(60)));
}

TEST(NodeSilence, ASilentBusyNodeExceedsItsBaselineAfterASecondOrTwo) {
  NodeSilence silence;
  for (int i = 1; i < 50; ++i) silence.Observe(S(i * 0.1), S(i * 0.1), S(i * 0.1), true);
  silence.Observe(S(5.2), S(4.9), S(5.2), true);
  EXPECT_FALSE(silence.ExceedsBaseline(S(5.5)));
  EXPECT_TRUE(silence.ExceedsBaseline(S(6.6)));
}

TEST(NodeSilence, ANodeWithoutRequestsIsNotSilent) {
  NodeSilence silence;
  silence.Observe(S(1), S(1.1), S(1.1), true);
  EXPECT_FALSE(silence.ExceedsBaseline(S(1000)));
}

TEST(NodeSilence, ASilenceUnderSuspicionDoesNotEnterTheBaseline) {
  NodeSilence silence;
  silence.Observe(S(1), S(1), S(1), true);
  silence.Observe(S(2), S(1), S(2), true);
  silence.Observe(S(60), S(60), S(60), false);  // a minute frozen, under alarm
  silence.Observe(S(61), S(60), S(61), true);
  EXPECT_TRUE(silence.ExceedsBaseline(S(63)));
}

TEST(NodeSilence, HalfAnHourOfSilenceNeverEntersTheBaseline) {
  NodeSilence silence;
  silence.Observe(S(1), S(1), S(1), true);
  silence.Observe(S(2), S(1), S(2), true);
  silence.Observe(S(1802), S(1802), S(1802), true);  // a stray datagram was answered half an hour later
  silence.Observe(S(1803), S(1802), S(1803), true);
  EXPECT_FALSE(silence.ExceedsBaseline(S(1840)));
  EXPECT_TRUE(silence.ExceedsBaseline(S(1865)));
}

TEST(NodeSilence, ReportsWhetherAPacketLeftRecently) {
  NodeSilence silence;
  EXPECT_FALSE(silence.SentWithin(std::chrono::seconds(5), S(1)));
  silence.Observe(S(1), S(1), S(1), true);
  EXPECT_TRUE(silence.SentWithin(std::chrono::seconds(5), S(6)));
  EXPECT_FALSE(silence.SentWithin(std::chrono::seconds(5), S(7)));
}

}  // namespace
}  // namespace candor
