// SPDX-License-Identifier: Apache-2.0
//
// The commands of operators, with a node made by hand that has no admin socket, and what they print.
#include "cli/render/override_text.h"

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
  v.set_without_overrides(pb::FAILING);
  v.mutable_drain()->set_reason("kernel update");
  v.mutable_drain()->set_by("root (uid 0, pid 7)");
  *v.mutable_drain()->mutable_since() = Before(std::chrono::minutes(2));
  v.mutable_state_override()->set_state(pb::HEALTHY);
  v.mutable_state_override()->set_reason(kHostile);
  v.mutable_state_override()->set_by("ops");
  *v.mutable_state_override()->mutable_until() = Before(-std::chrono::minutes(5));
  return v;
}

TEST(Orders, AreLoudAndSayWhatTheyHide) {
  EXPECT_EQ(OverrideLines(Ordered(), kNow, Style{}),
            "  !! DRAINED by root (uid 0, pid 7) 2 min ago: kernel update\n"
            "  !! OVERRIDDEN to HEALTHY by ops for 5 min more: " +
                std::string(kHostileShown) +
                "\n"
                "  without orders it would be FAILING\n");
  EXPECT_EQ(OverrideLines(HealthyVerdict(), kNow, Style{}), "");
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

// What no test may be pointed at by accident: nobody listens there.
constexpr const char* kNowhere = "127.0.0.1:1";

TEST(Orders, NeedNeitherTcpNorTlsWhereTheSocketIsAtItsDefaultPlace) {
  FakeNode node;
  node.answers.verdict = HealthyVerdict();
  Environment environment = TestEnvironment("");
  environment.admin_sockets = {"/nowhere/admin.sock", node.admin_path()};
  const Ran ran = Ctl(environment, "drain --reason update");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("DRAINED by"));
  EXPECT_EQ(node.answers.orders, 1);
}

TEST(Orders, GoToTheCandordOfTheAddressEvenWhereItsPortDoesNotAnswer) {
  FakeNode node;
  node.answers.verdict = HealthyVerdict();
  node.answers.info.add_listening(kNowhere);  // its door is broken
  Environment environment = TestEnvironment(kNowhere);
  environment.admin_sockets = {node.admin_path()};
  EXPECT_EQ(Ctl(environment, "drain --reason update").code, 0);
  EXPECT_EQ(node.answers.orders, 1);
}

TEST(Orders, NeverGoToAnotherCandordThanTheOneOfTheAddress) {
  FakeNode here, meant;
  here.answers.info.add_listening(here.address());
  meant.answers.info.add_listening(meant.address());
  meant.answers.info.set_admin_listening("unix:" + meant.admin_path());
  Environment environment = TestEnvironment(meant.address());
  environment.admin_sockets = {here.admin_path()};
  EXPECT_EQ(Ctl(environment, "drain --reason update").code, 0);
  EXPECT_EQ(here.answers.orders, 0);
  EXPECT_EQ(meant.answers.orders, 1);
  // Another machine's candord names a path that is here, too.
  meant.answers.info.set_admin_listening("unix:" + here.admin_path());
  const Ran ran = Ctl(environment, "undrain");
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("is not the one at unix:" + here.admin_path() + " on this machine"));
  EXPECT_EQ(here.answers.orders, 0);
}

TEST(Orders, AnAdminSocketThatIsNamedIsTheOnlyOneThatIsTried) {
  FakeNode named, other;
  Environment environment = TestEnvironment("");
  environment.admin_sockets = {other.admin_path()};
  EXPECT_EQ(Ctl(environment, "undrain --admin " + named.admin_path()).code, 0);
  EXPECT_EQ(Ctl(environment, "undrain --admin unix:" + named.admin_path()).code, 0);
  EXPECT_EQ(named.answers.orders, 2);
  environment.admin = named.admin_path();  // CANDOR_ADMIN
  EXPECT_EQ(Ctl(environment, "undrain").code, 0);
  EXPECT_EQ(named.answers.orders, 3);
  const Ran ran = Ctl(environment, "undrain --admin /nowhere/admin.sock");
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("there is no such socket"));
  EXPECT_EQ(other.answers.orders, 0);
}

TEST(Orders, WithoutAnyWayToTheSocketEveryOneThatWasTriedIsNamed) {
  Environment environment = TestEnvironment(kNowhere);
  environment.admin_sockets = {"/nowhere/admin.sock"};
  const Ran ran = Ctl(environment, "drain --reason x");
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("cannot reach candord at 127.0.0.1:1: Connection refused"));
  EXPECT_THAT(ran.err, HasSubstr("not at /nowhere/admin.sock: there is no such socket"));
}

TEST(Orders, AnAnswerThatIsLateIsMadeSureOf) {
  FakeNode node;
  node.answers.order_delay = std::chrono::milliseconds(1500);
  Environment environment = TestEnvironment("");
  environment.admin = node.admin_path();
  for (const char* order : {"drain --reason update", "override failing --for 1m --reason fan", "undrain"}) {
    const Ran ran = Ctl(environment, std::string(order) + " --timeout 300ms");
    EXPECT_EQ(ran.code, 0) << order;
    EXPECT_THAT(ran.err, HasSubstr("did not answer within 300 ms")) << order;
    EXPECT_THAT(ran.err, HasSubstr("the order HOLDS: candord was asked once more")) << order;
  }
}

TEST(Orders, WhatCannotBeMadeSureOfIsNotConfirmedAndSaysWhereToLook) {
  FakeNode node;
  node.answers.takes_orders = false;
  node.answers.order_delay = std::chrono::milliseconds(800);
  Environment environment = TestEnvironment("");
  environment.admin = node.admin_path();
  for (const char* order : {"drain --reason update", "override failing --for 1m --reason fan"}) {
    const Ran ran = Ctl(environment, std::string(order) + " --timeout 200ms");
    EXPECT_EQ(ran.code, 7) << order;
    EXPECT_THAT(ran.err, HasSubstr("sent, not confirmed")) << order;
    EXPECT_THAT(ran.err, HasSubstr("candorctl status --address unix:" + node.admin_path())) << order;
    EXPECT_THAT(ran.err, HasSubstr("it does not show it so far")) << order;
  }
  const Ran ran = Ctl(environment, "reset-baseline --timeout 200ms");
  EXPECT_EQ(ran.code, 7);
  EXPECT_THAT(ran.err, HasSubstr("candorctl transitions --address"));
}

TEST(Orders, ARefusalIsNoDoubt) {
  FakeNode node;
  node.answers.order_code = 9;
  node.answers.error_text = "the order is NOT in force: cannot write /x/state.new: No space left on device";
  Environment environment = TestEnvironment("");
  environment.admin = node.admin_path();
  const Ran ran = Ctl(environment, "drain --reason update");
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("refused: the order is NOT in force: cannot write /x/state.new"));
}

TEST(Orders, AnOrderThatEndsWithCandordSaysSo) {
  FakeNode node;
  node.answers.verdict = HealthyVerdict();
  node.answers.not_persisted_reason = "the setting state_file is off";
  Environment environment = TestEnvironment("");
  environment.admin = node.admin_path();
  const Ran ran = Ctl(environment, "-o json drain --reason update");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out.front(), '{');
  EXPECT_EQ(ran.err, "warning: not on disk, holds until candord ends: the setting state_file is off\n");
}

TEST(Orders, AreToldByTheNodesClockWhateverOursSays) {
  FakeNode node;
  node.answers.verdict = Ordered();
  for (const auto ahead : {std::chrono::hours(1), std::chrono::hours(-1)}) {
    Environment environment = TestEnvironment(node.address());
    environment.now = [ahead] { return kNow + ahead; };
    *node.answers.verdict.mutable_now() = Before(std::chrono::milliseconds(0));
    for (const char* command : {"status", "why", "top --once"}) {
      const Ran ran = Ctl(environment, command);
      EXPECT_EQ(ran.out.find("stands still"), std::string::npos) << command << ran.out;
      if (std::string(command) == "why") continue;
      EXPECT_THAT(ran.out, HasSubstr("2 min ago: kernel update")) << command;
      EXPECT_THAT(ran.out, HasSubstr("for 5 min more")) << command;
    }
  }
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
