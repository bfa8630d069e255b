// SPDX-License-Identifier: Apache-2.0
#include "replay/top_talkers.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(TopTalkers, IsBoundedAndPrefersPrivateAddressesAmongEquals) {
  TopTalkers talkers;
  talkers.Add(IpAddress::V4(0xcb007109));
  talkers.Add(IpAddress::V4(0xcb007109));
  talkers.Add(IpAddress::V4(0x0a630001));
  for (uint32_t i = 0; i < 2 * TopTalkers::kMaxAddresses; ++i) talkers.Add(IpAddress::V4(0xcb000000 + i));
  EXPECT_EQ(talkers.Top(1u << 20).size(), TopTalkers::kMaxAddresses);
  EXPECT_EQ(talkers.Top(2)[0].address.ToString(), "203.0.113.9") << "added twice";
  EXPECT_EQ(talkers.Top(2)[1].address.ToString(), "10.99.0.1");
}

}  // namespace
}  // namespace candor
