// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::StartsWith;

TEST(Version, IsThatOfBothEnds) {
  FakeNode node;
  node.answers.info.set_version("9.8.7\x1b");
  const Ran ran = Ctl(node.address(), "version");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out, "candorctl " CANDOR_VERSION "\ncandord 9.8.7\\x1b at " + node.address() + "\n");
  EXPECT_EQ(Ctl(node.address(), "version -o json").out,
            "{\"candorctl\":\"" CANDOR_VERSION "\",\"address\":\"" + node.address() +
                "\",\"candord\":\"9.8.7\\\\x1b\"}\n");
}

TEST(Version, NeedsNoCandord) {
  const Ran ran = Ctl("unix:/nowhere/candord.sock", "version");
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out,
              StartsWith("candorctl " CANDOR_VERSION "\ncandord not known: cannot reach candord at unix:"));
}

}  // namespace
}  // namespace candor::cli
