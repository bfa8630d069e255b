// SPDX-License-Identifier: Apache-2.0
#include "config/suggest.h"

#include <gtest/gtest.h>

namespace candor::config {
namespace {

const std::vector<std::string> kNames = {"source", "cgroup", "deadline", "load_deadline", "v4", "v6"};

TEST(Suggest, FindsTheNameThatWasMeant) {
  EXPECT_EQ(Nearest("sourc", kNames), "source");
  EXPECT_EQ(Nearest("cgorup", kNames), "cgroup");
  EXPECT_EQ(Nearest("dead_line", kNames), "deadline");
  EXPECT_EQ(Nearest("loaddeadline", kNames), "load_deadline");
  EXPECT_EQ(Nearest("v5", kNames), "v4");
  EXPECT_EQ(Nearest("v5", {"idle", "fresh"}), "");
  EXPECT_EQ(Nearest("frehs", {"idle", "fresh"}), "fresh") << "swapping two letters is one slip";
}

TEST(Suggest, IsSilentAboutWordsThatResembleNone) {
  EXPECT_EQ(Nearest("colour", kNames), "");
  EXPECT_EQ(Nearest("x", kNames), "");
  EXPECT_EQ(Nearest("", kNames), "");
  EXPECT_EQ(Nearest("source", {}), "");
}

}  // namespace
}  // namespace candor::config
