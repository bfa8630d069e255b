// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::EndsWith;
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

TEST(Version, ListsWhereCandordListens) {
  FakeNode node;
  node.answers.info.add_listening("127.0.0.1:7460");
  node.answers.info.add_listening("unix:/run/candor/grpc.sock");
  node.answers.info.add_http_listening("127.0.0.1:7461");
  node.answers.info.add_haproxy_agent_listening("127.0.0.1:7462");
  node.answers.info.set_admin_listening("unix:/run/candor/admin.sock");
  EXPECT_THAT(Ctl(node.address(), "version").out,
              EndsWith("  gRPC on 127.0.0.1:7460 unix:/run/candor/grpc.sock\n"
                       "  HTTP on 127.0.0.1:7461\n"
                       "  HAProxy agent on 127.0.0.1:7462\n"
                       "  admin on unix:/run/candor/admin.sock\n"));
}

TEST(Version, NeedsNoCandord) {
  const Ran ran = Ctl("unix:/nowhere/candord.sock", "version");
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out,
              StartsWith("candorctl " CANDOR_VERSION "\ncandord unknown: cannot reach candord at unix:"));
}

}  // namespace
}  // namespace candor::cli
