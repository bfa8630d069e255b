// SPDX-License-Identifier: Apache-2.0
#include "status/stream_quota.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace candor {
namespace {

using ::testing::HasSubstr;

TEST(StreamQuota, BoundsOnePeerWhateverItsPorts) {
  StreamQuota quota(10, 2);
  auto first = quota.Acquire("ipv4:192.0.2.1:1000");
  const auto second = quota.Acquire("ipv4:192.0.2.1:1001");
  const auto third = quota.Acquire("ipv4:192.0.2.1:1002");
  ASSERT_TRUE(first && second);
  ASSERT_FALSE(third);
  EXPECT_THAT(third.error().message, HasSubstr("limits.watches_per_peer"));
  EXPECT_TRUE(quota.Acquire("ipv4:192.0.2.2:1000"));
  first->reset();
  EXPECT_TRUE(quota.Acquire("ipv4:192.0.2.1:1003"));
}

TEST(StreamQuota, BoundsAllTogetherAndGivesPlacesBack) {
  StreamQuota quota(3, 3);
  {
    std::vector<std::unique_ptr<StreamQuota::Ticket>> tickets;
    for (const char* peer : {"ipv4:192.0.2.1:1", "ipv6:[2001:db8::1]:2", "unix:"}) {
      auto ticket = quota.Acquire(peer);
      ASSERT_TRUE(ticket);
      tickets.push_back(std::move(*ticket));
    }
    const auto refused = quota.Acquire("ipv4:192.0.2.9:1");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("limits.watches "));
  }
  EXPECT_EQ(quota.open(), 0u);
}

TEST(StreamQuota, AllOfAUnixSocketAreOnePeer) {
  EXPECT_EQ(PeerHost("unix:/run/a.sock"), PeerHost("fd:17"));
  EXPECT_EQ(PeerHost("ipv6:[2001:db8::1]:2"), "ipv6:[2001:db8::1]");
}

}  // namespace
}  // namespace candor
