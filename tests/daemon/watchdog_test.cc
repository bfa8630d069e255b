// SPDX-License-Identifier: Apache-2.0
#include "daemon/watchdog.h"

#include <gtest/gtest.h>

#include <future>

namespace candor::daemon {
namespace {

using namespace std::chrono_literals;

constexpr WatchdogOptions kQuick{5ms, 20};

TEST(Watchdog, AStalledLineIsToldOf) {
  std::promise<void> stalled;
  Watchdog dog(kQuick, [&] { stalled.set_value(); });
  const auto began = std::chrono::steady_clock::now();
  ASSERT_EQ(stalled.get_future().wait_for(10s), std::future_status::ready);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 95ms) << "not before its patience ended";
}

TEST(Watchdog, ALineThatBeatsIsLeftAlone) {
  std::atomic<bool> stalled = false;
  Watchdog dog(kQuick, [&] { stalled = true; });
  for (int i = 0; i < 60; ++i) {
    dog.Beat();
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_FALSE(stalled);
}

TEST(Watchdog, StopsAtOnceAndTwice) {
  Watchdog dog({1h, 1}, [] { FAIL() << "nothing stalled"; });
  dog.Stop();
  dog.Stop();
}

TEST(Watchdog, ByDefaultAStallEndsWithinTwoSeconds) {
  const WatchdogOptions usual;
  EXPECT_LT(usual.look * (usual.patience + 1), 2s);
  EXPECT_GT(usual.look * usual.patience, 1s) << "a busy machine is not a stalled line";
}

}  // namespace
}  // namespace candor::daemon
