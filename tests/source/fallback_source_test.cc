// SPDX-License-Identifier: Apache-2.0
#include "source/fallback_source.h"

#include <gtest/gtest.h>

#include "tests/source/fake_source.h"

namespace candor {
namespace {

const auto kIgnore = [](const FlowEvent&) {};

class FallbackSourceTest : public ::testing::Test {
 protected:
  FallbackSourceTest() {
    kernel_.health.kind = "bpf";
    kernel_.health.blindness = {"no_capability", "Grant CAP_BPF."};
    capture_.health.kind = "pcap";
  }
  void Poll() { ASSERT_TRUE(source_.Poll(Duration(0), kIgnore)); }

  FakeControl kernel_, capture_;
  bool failed_ = false;
  int made_ = 0;
  FallbackSource source_{std::make_unique<FakeSource>(kernel_), [this] { return failed_; },
                         [this] {
                           ++made_;
                           return std::make_unique<FakeSource>(capture_);
                         }};
};

TEST_F(FallbackSourceTest, StaysWithTheFirstWhileItMaySeeYet) {
  Poll();
  EXPECT_EQ(source_.Health().blindness.code, "no_capability");
  EXPECT_EQ(made_, 0);
}

TEST_F(FallbackSourceTest, WakesTheOneThatIsPolled) {
  kernel_.can_wake = true;
  source_.Wake();
  EXPECT_TRUE(source_.CanWake());
  failed_ = true;
  Poll();
  source_.Wake();
  EXPECT_FALSE(source_.CanWake());
  EXPECT_EQ(kernel_.wakings, 1);
  EXPECT_EQ(capture_.wakings, 1);
}

TEST_F(FallbackSourceTest, DeliversTheLostPacketsAndSessionsOfTheOneThatIsPolled) {
  kernel_.lost.resize(2);
  kernel_.sessions.accepted = 3;
  int delivered = 0;
  const auto count = [&](const LostPacket&) { ++delivered; };
  source_.TakeLost(count);
  EXPECT_EQ(delivered, 2);
  EXPECT_EQ(source_.Sessions().accepted, 3u);
  failed_ = true;
  Poll();
  capture_.lost.resize(1);
  source_.TakeLost(count);
  EXPECT_EQ(delivered, 3);
  EXPECT_EQ(source_.Sessions().accepted, 0u);
}

TEST_F(FallbackSourceTest, TurnsToTheSecondOnceAndSaysWhy) {
  failed_ = true;
  Poll();
  Poll();
  EXPECT_EQ(made_, 1);
  const SourceHealth health = source_.Health();
  EXPECT_EQ(health.kind, "pcap");
  EXPECT_FALSE(health.blindness.blind());
  ASSERT_EQ(health.warnings.size(), 1U);
  EXPECT_EQ(health.warnings.front(), "instead of BPF, because: Grant CAP_BPF.");
  EXPECT_EQ(kernel_.polls, 1);
  EXPECT_EQ(capture_.polls, 1);
}

TEST_F(FallbackSourceTest, WhenNeitherSeesBothAreToldTheBetterOneFirst) {
  failed_ = true;
  capture_.health.blindness = {"capture_failed", "Grant CAP_NET_RAW."};
  Poll();
  EXPECT_EQ(source_.Health().blindness.code, "no_capability");
  EXPECT_EQ(source_.Health().blindness.text, "Grant CAP_BPF. The fallback does not help: Grant CAP_NET_RAW.");
}

}  // namespace
}  // namespace candor
