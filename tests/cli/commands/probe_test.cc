// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;

pb::Verdict InState(pb::State state) {
  pb::Verdict v = HealthyVerdict();
  v.set_state(state);
  return v;
}

TEST(Probe, ExitsByTheContractOfStatesAndInterfaces) {
  struct Row {
    pb::State state;
    bool serving;
    int plain, strict;
  };
  const Row rows[] = {
      {pb::HEALTHY, true, 0, 0},  {pb::DEGRADED, true, 0, 4},  {pb::PROBATION, true, 0, 4},
      {pb::FAILING, false, 4, 4}, {pb::DRAINING, false, 4, 4}, {pb::UNKNOWN, true, 0, 0},
      {pb::UNKNOWN, false, 4, 4}, {pb::BLIND, true, 0, 0},     {pb::BLIND, false, 4, 4},
  };
  FakeNode node;
  for (const Row& row : rows) {
    node.answers.health[""] = row.serving;
    node.answers.verdict = InState(row.state);
    EXPECT_EQ(Ctl(node.address(), "probe").code, row.plain) << pb::State_Name(row.state);
    EXPECT_EQ(Ctl(node.address(), "probe --strict").code, row.strict) << pb::State_Name(row.state);
  }
}

TEST(Probe, PrintsTheAnswer) {
  FakeNode node;
  node.answers.health = {{"", true}, {"media", false}};
  node.answers.verdict = HealthyVerdict();
  EXPECT_EQ(Ctl(node.address(), "probe").out, "status: SERVING (HEALTHY: ok)\n");
  const Ran media = Ctl(node.address(), "probe --service media");
  EXPECT_EQ(media.code, 4);
  EXPECT_EQ(media.out, "status: NOT_SERVING (HEALTHY: ok)\n");
  EXPECT_EQ(Ctl(node.address(), "probe --service media -o json").out,
            "{\"service\":\"media\",\"status\":\"NOT_SERVING\",\"state\":\"HEALTHY\",\"reason\":\"ok\"}\n");
}

TEST(Probe, WarnsWhenTheAnswerIsOnlyTheSelfReport) {
  FakeNode node;
  node.answers.health[""] = true;
  node.answers.verdict = BlindVerdict();
  const Ran ran = Ctl(node.address(), "probe");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(
      ran.err,
      "warning: Candor is blind (load_timeout): this answer is the self-report; run candorctl doctor\n");
}

TEST(Probe, AnUnknownServiceIsAFailedCall) {
  FakeNode node;
  node.answers.health[""] = true;
  const Ran ran = Ctl(node.address(), "probe --service medai");
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("service 'medai' (candord has \"\", media, self, sensor)"));
  EXPECT_THAT(ran.err, HasSubstr("unknown service"));
}

TEST(Probe, NoCandordIsTwo) {
  const Ran ran = Ctl("unix:/nowhere/candord.sock", "probe");
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.out, "");
}

TEST(Probe, AnotherHealthServersAnswerIsEnoughUnlessStrict) {
  FakeNode node;
  node.answers.health[""] = true;
  node.answers.node_health_code = 12;
  const Ran plain = Ctl(node.address(), "probe");
  EXPECT_EQ(plain.code, 0);
  EXPECT_EQ(plain.out, "status: SERVING\n");
  EXPECT_EQ(Ctl(node.address(), "probe --strict").code, 3);
}

TEST(Probe, BadArgumentsAreOne) { EXPECT_EQ(Ctl("", "probe --servce media").code, 1); }

}  // namespace
}  // namespace candor::cli
