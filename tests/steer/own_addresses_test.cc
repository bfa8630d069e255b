// SPDX-License-Identifier: Apache-2.0
#include "steer/own_addresses.h"

#include <gtest/gtest.h>

namespace candor::steer {
namespace {

// Under candord's filter of system calls.
TEST(OwnAddresses, AreAddresses) {
  const auto all = OwnAddresses();
  ASSERT_FALSE(all.empty());
  for (const std::string& one : all) EXPECT_NE(one.find_first_of(".:"), std::string::npos) << one;
}

}  // namespace
}  // namespace candor::steer
