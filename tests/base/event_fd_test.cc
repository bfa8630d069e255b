// SPDX-License-Identifier: Apache-2.0
#include "base/event_fd.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/worker.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

Duration Lasting(const EventFd& event, int descriptor, Duration timeout) {
  const auto start = std::chrono::steady_clock::now();
  event.Wait(descriptor, timeout);
  return std::chrono::steady_clock::now() - start;
}

TEST(EventFd, WaitLastsUntilItsTimeIsOver) {
  const EventFd event;
  ASSERT_TRUE(event.works());
  EXPECT_GE(Lasting(event, -1, 20ms), 20ms);
  EXPECT_LT(Lasting(event, -1, -1s), 10s);
}

TEST(EventFd, ASignalEndsOneWait) {
  const EventFd event;
  event.Signal();
  event.Signal();
  EXPECT_LT(Lasting(event, -1, 60s), 30s);
  EXPECT_GE(Lasting(event, -1, 20ms), 20ms);
}

TEST(EventFd, ASignalOfAnotherThreadEndsTheWait) {
  const EventFd event;
  Worker other([&](const std::stop_token&) {
    std::this_thread::sleep_for(20ms);
    event.Signal();
  });
  EXPECT_LT(Lasting(event, -1, 60s), 30s);
}

TEST(EventFd, ADescriptorEndsTheWaitAndKeepsItsBytes) {
  const EventFd event, other;
  other.Signal();
  EXPECT_LT(Lasting(event, other.fd(), 60s), 30s);
  EXPECT_LT(Lasting(event, other.fd(), 60s), 30s);
  other.Clear();
  EXPECT_GE(Lasting(event, other.fd(), 20ms), 20ms);
}

}  // namespace
}  // namespace candor
