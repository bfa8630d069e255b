// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;

pb::Verdict WithServers() {
  pb::Verdict v = HealthyVerdict();
  pb::ServerSummary* janus = v.add_servers();
  janus->set_name("janus.service");
  janus->set_state(pb::FAILING);
  janus->set_reason("frozen");
  janus->set_share(0.25);
  janus->set_drives(true);
  pb::ServerSummary* sip = v.add_servers();
  sip->set_name("sip");
  sip->set_state(pb::HEALTHY);
  sip->set_serving(true);
  return v;
}

TEST(Servers, AreListedWithTheirStates) {
  FakeNode node;
  node.answers.verdict = WithServers();
  const Ran ran = Ctl(node.address(), "servers");
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("janus.service  FAILING"));
  EXPECT_THAT(ran.out, HasSubstr("frozen"));
  EXPECT_THAT(Ctl(node.address(), "servers -o json").out, HasSubstr("\"name\":\"sip\""));
}

TEST(Servers, WithoutNamesTheVerdictIsSaidToBeTheNodes) {
  FakeNode node;
  node.answers.verdict = HealthyVerdict();
  EXPECT_THAT(Ctl(node.address(), "servers").out, HasSubstr("no server is known by name"));
}

TEST(Servers, StatusShowsEachOfSeveral) {
  FakeNode node;
  node.answers.verdict = WithServers();
  EXPECT_THAT(Ctl(node.address(), "status").out, HasSubstr("janus.service  FAILING"));
}

TEST(Servers, TheFlagServerIsPassedOn) {
  FakeNode node;
  node.answers.verdict = HealthyVerdict();
  for (const char* command : {"status", "why", "check --nagios", "top --once"}) {
    node.answers.verdict_request.Clear();
    Ctl(node.address(), std::string(command) + " --server sip");
    EXPECT_EQ(node.answers.verdict_request.server(), "sip") << command;
  }
  Ctl(node.address(), "attempts --server sip");
  EXPECT_EQ(node.answers.attempts_request.server(), "sip");
  Ctl(node.address(), "flows --server sip");
  EXPECT_EQ(node.answers.flows_request.server(), "sip");
  Ctl(node.address(), "transitions --server sip");
  EXPECT_EQ(node.answers.transitions_request.server(), "sip");
}

TEST(Servers, ACandordThatDoesNotKnowServersIsNotTakenForOneThatDoes) {
  FakeNode node;
  node.answers.verdict = HealthyVerdict();
  node.answers.knows_servers = false;
  node.answers.health = {{"", true}, {"sip", true}};
  for (const char* command : {"status", "why", "watch --for 1s", "check --nagios", "top --once", "attempts",
                              "flows", "transitions", "probe"}) {
    const Ran ran = Ctl(node.address(), std::string(command) + " --server sip");
    EXPECT_EQ(ran.code, 3) << command;
    EXPECT_EQ(ran.out, "") << command;
    EXPECT_THAT(ran.err, HasSubstr("does not know media servers")) << command;
  }
  EXPECT_EQ(Ctl(node.address(), "status").code, 0) << "without the flag nothing is asked";
}

TEST(Servers, WhereNothingAnswersTheCommandSaysSo) {
  const Ran ran = Ctl("127.0.0.1:1", "status --server sip");
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, testing::Not(HasSubstr("does not know media servers")));
}

TEST(Servers, ProbeAsksForTheServiceOfThatName) {
  FakeNode node;
  node.answers.verdict = HealthyVerdict();
  node.answers.health = {{"sip", false}};
  EXPECT_EQ(Ctl(node.address(), "probe --server sip").code, 4);
  EXPECT_EQ(Ctl(node.address(), "probe --server sip --service media").code, 1);
}

TEST(Servers, ACommandOfTheWholeNodeRefusesTheFlag) {
  FakeNode node;
  const Ran ran = Ctl(node.address(), "drain --server sip --reason x");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("drain is of the whole node"));
}

}  // namespace
}  // namespace candor::cli
