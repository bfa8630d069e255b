// SPDX-License-Identifier: Apache-2.0
#include "daemon/watchdog.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <future>

namespace candor::daemon {
namespace {

using namespace std::chrono_literals;

constexpr WatchdogOptions kQuick{5ms, 20};

TEST(Watchdog, ReportsAStall) {
  std::promise<void> stalled;
  Watchdog watchdog(kQuick, {[&] { stalled.set_value(); }});
  const auto began = std::chrono::steady_clock::now();
  ASSERT_EQ(stalled.get_future().wait_for(10s), std::future_status::ready);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 95ms) << "after all its checks";
}

TEST(Watchdog, ReportsNoStallWhileThereAreBeats) {
  std::atomic<bool> stalled = false;
  Watchdog watchdog(kQuick, {[&] { stalled = true; }});
  for (int i = 0; i < 60; ++i) {
    watchdog.Beat();
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_FALSE(stalled);
}

TEST(Watchdog, StopsAtOnceAndTwice) {
  Watchdog watchdog({1h, 1}, {[] { FAIL() << "nothing stalled"; }});
  watchdog.Stop();
  watchdog.Stop();
}

TEST(Watchdog, AThreadThatOnlyWaitsForACpuHasNotStalledYet) {
  std::promise<void> stalled;
  std::atomic<int> checks = 0, starved = 0;
  const pid_t beats = ::gettid();
  Watchdog watchdog({5ms, 4, 20}, {[&] { stalled.set_value(); },
                                   [&](pid_t thread) {
                                     EXPECT_EQ(thread, beats);
                                     ++checks;
                                     return true;
                                   },
                                   [&] { ++starved; }});
  watchdog.Beat();
  ASSERT_EQ(stalled.get_future().wait_for(10s), std::future_status::ready) << "but not for ever";
  EXPECT_EQ(checks, 20);
  EXPECT_EQ(starved, 20);
}

TEST(Watchdog, AStallThatFollowsStarvationIsFoundInProportion) {
  std::promise<void> stalled;
  std::atomic<int> checks = 0;
  Watchdog watchdog({5ms, 4, 20}, {[&] { stalled.set_value(); }, [&](pid_t) { return ++checks <= 10; }});
  watchdog.Beat();
  ASSERT_EQ(stalled.get_future().wait_for(10s), std::future_status::ready);
  EXPECT_EQ(checks, 12) << "half of 20 starved, half of 4 silent";
}

TEST(Watchdog, ByDefaultAStallEndsWithinTwoSeconds) {
  const WatchdogOptions defaults;
  EXPECT_LT(defaults.interval * (defaults.checks + 1), 2s);
  EXPECT_GT(defaults.interval * defaults.checks, 1s) << "a busy machine is not a stall";
  EXPECT_LT(defaults.interval * defaults.starved_checks, 10s);
}

}  // namespace
}  // namespace candor::daemon
