// SPDX-License-Identifier: Apache-2.0
#include "probe/waker.h"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <thread>

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// How long a wait of a minute, or of `timeout`, lasted.
Duration Waited(const Waker& waker, int descriptor, Duration timeout = seconds(60)) {
  const Time began = MonotonicNow();
  waker.Wait(descriptor, timeout);
  return MonotonicNow() - began;
}

TEST(Waker, AWaitEndsWithItsTimeout) {
  EXPECT_GE(Waited(Waker(), -1, milliseconds(20)), Duration(milliseconds(20)));
}

TEST(Waker, AWakingFromAnotherThreadEndsAWait) {
  const Waker waker;
  ASSERT_TRUE(waker.works());
  std::thread other([&] {
    std::this_thread::sleep_for(milliseconds(20));
    waker.Wake();
  });
  EXPECT_LT(Waited(waker, -1), Duration(seconds(30)));
  other.join();
}

TEST(Waker, WakingsBeforeAWaitEndItAndNoOther) {
  const Waker waker;
  waker.Wake();
  waker.Wake();
  EXPECT_LT(Waited(waker, -1), Duration(seconds(30)));
  EXPECT_GE(Waited(waker, -1, milliseconds(20)), Duration(milliseconds(20)));
}

TEST(Waker, AReadableDescriptorEndsAWait) {
  const Waker waker;
  const UniqueFd other(::eventfd(1, EFD_CLOEXEC));
  EXPECT_LT(Waited(waker, other.get()), Duration(seconds(30)));
}

}  // namespace
}  // namespace candor
