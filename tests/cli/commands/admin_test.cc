// SPDX-License-Identifier: Apache-2.0
//
// drain, undrain, override, reload and reset-baseline at a fake node.
#include "cli/commands/admin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;

TEST(Admin, TheStatusShowsOverrides) {
  FakeNode node;
  node.answers.verdict = OverriddenVerdict();
  node.answers.info = BpfInfo();
  EXPECT_THAT(Ctl(node.address(), "status").out, HasSubstr("!! DRAINED by root (uid 0, pid 7)"));
}

TEST(Admin, WithoutAnAdminSocketTheErrorNamesTheSetting) {
  FakeNode node;
  for (const char* command : {"drain --reason x", "undrain", "override healthy --for 1m --reason x",
                              "override --clear", "reload", "reset-baseline"}) {
    const Ran ran = Ctl(node.address(), command);
    EXPECT_EQ(ran.code, 2) << command;
    EXPECT_THAT(ran.err, HasSubstr("has no admin socket; set its setting admin.socket")) << command;
  }
}

TEST(Admin, AnAdminSocketOutOfReachNamesTheNeededPermission) {
  FakeNode node;
  node.answers.info.set_admin_listening("unix:/nowhere/admin.sock");
  const Ran ran = Ctl(node.address(), "undrain");
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("run this on the node itself, as root or in the group of that file"));
}

// An address without a listener.
constexpr const char* kNowhere = "127.0.0.1:1";

TEST(Admin, NeedsNeitherTcpNorTlsWhereTheSocketIsAtItsDefaultPath) {
  FakeNode node;
  node.answers.verdict = HealthyVerdict();
  Environment environment = TestEnvironment("");
  environment.admin_sockets = {"/nowhere/admin.sock", node.admin_path()};
  const Ran ran = Ctl(environment, "drain --reason update");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("DRAINED by"));
  EXPECT_EQ(node.answers.overrides, 1);
}

TEST(Admin, GoesToTheCandordOfTheAddressEvenWhereItsPortDoesNotAnswer) {
  FakeNode node;
  node.answers.verdict = HealthyVerdict();
  node.answers.info.add_listening(kNowhere);  // and its port does not answer
  Environment environment = TestEnvironment(kNowhere);
  environment.admin_sockets = {node.admin_path()};
  EXPECT_EQ(Ctl(environment, "drain --reason update").code, 0);
  EXPECT_EQ(node.answers.overrides, 1);
}

TEST(Admin, NeverGoesToAnotherCandordThanTheOneOfTheAddress) {
  FakeNode here, meant;
  here.answers.info.add_listening(here.address());
  meant.answers.info.add_listening(meant.address());
  meant.answers.info.set_admin_listening("unix:" + meant.admin_path());
  Environment environment = TestEnvironment(meant.address());
  environment.admin_sockets = {here.admin_path()};
  EXPECT_EQ(Ctl(environment, "drain --reason update").code, 0);
  EXPECT_EQ(here.answers.overrides, 0);
  EXPECT_EQ(meant.answers.overrides, 1);
  // Another machine's candord reports a path that exists here too.
  meant.answers.info.set_admin_listening("unix:" + here.admin_path());
  const Ran ran = Ctl(environment, "undrain");
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("is not the one at unix:" + here.admin_path() + " on this machine"));
  EXPECT_EQ(here.answers.overrides, 0);
}

TEST(Admin, AGivenSocketIsTheOnlyOneTried) {
  FakeNode named, other;
  Environment environment = TestEnvironment("");
  environment.admin_sockets = {other.admin_path()};
  EXPECT_EQ(Ctl(environment, "undrain --admin " + named.admin_path()).code, 0);
  EXPECT_EQ(Ctl(environment, "undrain --admin unix:" + named.admin_path()).code, 0);
  EXPECT_EQ(named.answers.overrides, 2);
  environment.admin = named.admin_path();  // CANDOR_ADMIN
  EXPECT_EQ(Ctl(environment, "undrain").code, 0);
  EXPECT_EQ(named.answers.overrides, 3);
  const Ran ran = Ctl(environment, "undrain --admin /nowhere/admin.sock");
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("there is no such socket"));
  EXPECT_EQ(other.answers.overrides, 0);
}

TEST(Admin, WithoutASocketTheErrorNamesEveryPathTried) {
  Environment environment = TestEnvironment(kNowhere);
  environment.admin_sockets = {"/nowhere/admin.sock"};
  const Ran ran = Ctl(environment, "drain --reason x");
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("cannot reach candord at 127.0.0.1:1: Connection refused"));
  EXPECT_THAT(ran.err, HasSubstr("not at /nowhere/admin.sock: there is no such socket"));
}

TEST(Admin, AfterALateResponseTheVerdictIsRead) {
  FakeNode node;
  node.answers.override_delay = std::chrono::milliseconds(1500);
  Environment environment = TestEnvironment("");
  environment.admin = node.admin_path();
  for (const char* override :
       {"drain --reason update", "override failing --for 1m --reason fan", "undrain"}) {
    const Ran ran = Ctl(environment, std::string(override) + " --timeout 300ms");
    EXPECT_EQ(ran.code, 0) << override;
    EXPECT_THAT(ran.err, HasSubstr("did not answer within 300 ms")) << override;
    EXPECT_THAT(ran.err, HasSubstr("the override IS IN FORCE: the verdict was read again")) << override;
  }
}

TEST(Admin, AnOverrideThatIsNotShownIsNotConfirmed) {
  FakeNode node;
  node.answers.takes_overrides = false;
  node.answers.override_delay = std::chrono::milliseconds(800);
  Environment environment = TestEnvironment("");
  environment.admin = node.admin_path();
  for (const char* override : {"drain --reason update", "override failing --for 1m --reason fan"}) {
    const Ran ran = Ctl(environment, std::string(override) + " --timeout 200ms");
    EXPECT_EQ(ran.code, 7) << override;
    EXPECT_THAT(ran.err, HasSubstr("sent, not confirmed")) << override;
    EXPECT_THAT(ran.err, HasSubstr("candorctl status --address unix:" + node.admin_path())) << override;
    EXPECT_THAT(ran.err, HasSubstr("it is not shown so far")) << override;
  }
  const Ran ran = Ctl(environment, "reset-baseline --timeout 200ms");
  EXPECT_EQ(ran.code, 7);
  EXPECT_THAT(ran.err, HasSubstr("candorctl transitions --address"));
}

TEST(Admin, ARefusalIsFinal) {
  FakeNode node;
  node.answers.override_code = 9;
  node.answers.error_text =
      "the override is NOT in force: cannot write /x/state.new: No space left on device";
  Environment environment = TestEnvironment("");
  environment.admin = node.admin_path();
  const Ran ran = Ctl(environment, "drain --reason update");
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("refused: the override is NOT in force: cannot write /x/state.new"));
}

TEST(Admin, AnOverrideThatEndsWithCandordComesWithAWarning) {
  FakeNode node;
  node.answers.verdict = HealthyVerdict();
  node.answers.not_persisted_reason = "the setting state_file is off";
  Environment environment = TestEnvironment("");
  environment.admin = node.admin_path();
  const Ran ran = Ctl(environment, "-o json drain --reason update");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out.front(), '{');
  EXPECT_EQ(ran.err, "warning: not on disk, in force until candord ends: the setting state_file is off\n");
}

TEST(Admin, AgesAreByTheNodesClock) {
  FakeNode node;
  node.answers.verdict = OverriddenVerdict();
  for (const auto ahead : {std::chrono::hours(1), std::chrono::hours(-1)}) {
    Environment environment = TestEnvironment(node.address());
    environment.now = [ahead] { return kNow + ahead; };
    *node.answers.verdict.mutable_now() = Before(std::chrono::milliseconds(0));
    for (const char* command : {"status", "why", "top --once"}) {
      const Ran ran = Ctl(environment, command);
      EXPECT_EQ(ran.out.find("has stopped"), std::string::npos) << command << ran.out;
      if (std::string(command) == "why") continue;
      EXPECT_THAT(ran.out, HasSubstr("2 min ago: kernel update")) << command;
      EXPECT_THAT(ran.out, HasSubstr("for 5 min more")) << command;
    }
  }
}

TEST(Admin, BadArgumentsAreOne) {
  for (const char* command : {"drain", "override", "override healthy", "override healthy --for 1m",
                              "override blind --for 1m --reason x", "override healthy --for 10ms --reason x",
                              "override healthy --clear", "undrain now"}) {
    EXPECT_EQ(Ctl("", command).code, 1) << command;
  }
}

}  // namespace
}  // namespace candor::cli
