// SPDX-License-Identifier: Apache-2.0
#include "base/poll.h"

#include <gtest/gtest.h>

#include "base/event_fd.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

TEST(PollFds, EndsWhenTheTimeIsOverOrADescriptorIsReady) {
  const EventFd event;
  pollfd waiting[] = {{event.fd(), POLLIN, 0}, {-1, POLLIN, 0}};
  EXPECT_EQ(PollFds(waiting, 1us), 0);
  event.Signal();
  EXPECT_EQ(PollFds(waiting, kForever), 1);
  EXPECT_NE(waiting[0].revents & POLLIN, 0);
  EXPECT_EQ(waiting[1].revents, 0);
  EXPECT_EQ(PollFds(waiting, Duration::max()), 1);
}

TEST(WaitReadable, SaysWhetherItIs) {
  const EventFd event;
  EXPECT_FALSE(WaitReadable(event.fd(), 1ms));
  event.Signal();
  EXPECT_TRUE(WaitReadable(event.fd(), kForever));
}

}  // namespace
}  // namespace candor
