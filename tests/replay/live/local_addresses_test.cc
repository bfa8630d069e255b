// SPDX-License-Identifier: Apache-2.0
#include "replay/live/local_addresses.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace candor {
namespace {

TEST(LocalAddresses, HasLoopback) {
  const auto all = LocalAddresses();
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_NE(std::find(all->begin(), all->end(), IpAddress::V4(0x7f000001)), all->end());
}

}  // namespace
}  // namespace candor
