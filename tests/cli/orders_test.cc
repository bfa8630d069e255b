// SPDX-License-Identifier: Apache-2.0
//
// The commands of operators, with a node made by hand that has no admin socket, and what they print.
#include "cli/orders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;

pb::Verdict Ordered() {
  pb::Verdict v = FailingVerdict();
  v.set_state(pb::DRAINING);
  v.set_without_orders(pb::FAILING);
  v.mutable_drain()->set_reason("kernel update");
  v.mutable_drain()->set_by("root (uid 0, pid 7)");
  *v.mutable_drain()->mutable_since() = Before(std::chrono::minutes(2));
  v.mutable_forced()->set_state(pb::HEALTHY);
  v.mutable_forced()->set_reason(kHostile);
  v.mutable_forced()->set_by("ops");
  *v.mutable_forced()->mutable_until() = Before(-std::chrono::minutes(5));
  return v;
}

TEST(Orders, AreLoudAndSayWhatTheyHide) {
  EXPECT_EQ(OrderLines(Ordered(), kNow, Style{}),
            "  !! DRAINED by root (uid 0, pid 7) 2 min ago: kernel update\n"
            "  !! OVERRIDDEN to HEALTHY by ops for 5 min more: " +
                std::string(kHostileShown) +
                "\n"
                "  without orders it would be FAILING\n");
  EXPECT_EQ(OrderLines(HealthyVerdict(), kNow, Style{}), "");
}

TEST(Orders, StandInTheStatus) {
  FakeNode node;
  node.answers.verdict = Ordered();
  node.answers.info = BpfInfo();
  EXPECT_THAT(Ctl(node.address(), "status").out, HasSubstr("!! DRAINED by root (uid 0, pid 7)"));
}

TEST(Orders, WithoutAnAdminSocketTheCommandsSayHowToGetOne) {
  FakeNode node;
  for (const char* command : {"drain --reason x", "undrain", "override healthy --for 1m --reason x",
                              "override --clear", "reload", "reset-baseline"}) {
    const Ran ran = Ctl(node.address(), command);
    EXPECT_EQ(ran.code, 2) << command;
    EXPECT_THAT(ran.err, HasSubstr("has no admin socket; name one in its setting admin.socket")) << command;
  }
}

TEST(Orders, AnAdminSocketOutOfReachNamesTheRightItTakes) {
  FakeNode node;
  node.answers.info.set_admin_listening("unix:/nowhere/admin.sock");
  const Ran ran = Ctl(node.address(), "undrain");
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("run this on the node itself, as root or in the group of that file"));
}

TEST(Orders, BadArgumentsAreOne) {
  for (const char* command : {"drain", "override", "override healthy", "override healthy --for 1m",
                              "override blind --for 1m --reason x", "override healthy --for 10ms --reason x",
                              "override healthy --clear", "undrain now"}) {
    EXPECT_EQ(Ctl("", command).code, 1) << command;
  }
}

}  // namespace
}  // namespace candor::cli
