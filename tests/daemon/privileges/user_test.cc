// SPDX-License-Identifier: Apache-2.0
#include "daemon/privileges/user.h"

#include <gtest/gtest.h>

namespace candor::daemon {
namespace {

TEST(SwitchUser, AUserThatDoesNotExistIsAnErrorThatNamesIt) {
  const auto became = SwitchUser("no-such-user-here");
  ASSERT_FALSE(became);
  EXPECT_NE(became.error().message.find("no-such-user-here"), std::string::npos);
  EXPECT_TRUE(SwitchUser(""));
}

}  // namespace
}  // namespace candor::daemon
