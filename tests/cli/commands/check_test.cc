// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Check, ExitsByTheRulesOfNagiosAndKeepalived) {
  struct Row {
    pb::State state;
    bool serving, overridden;
    int nagios, keepalived;
    const char* word;
  };
  const Row rows[] = {
      {pb::HEALTHY, true, false, 0, 0, "OK"},         {pb::HEALTHY, true, true, 1, 0, "WARNING"},
      {pb::HEALTHY, false, false, 2, 1, "CRITICAL"},  {pb::DEGRADED, true, false, 1, 0, "WARNING"},
      {pb::PROBATION, true, false, 1, 0, "WARNING"},  {pb::FAILING, false, false, 2, 1, "CRITICAL"},
      {pb::DRAINING, false, false, 2, 1, "CRITICAL"}, {pb::UNKNOWN, true, false, 3, 0, "UNKNOWN"},
      {pb::UNKNOWN, false, false, 2, 1, "CRITICAL"},  {pb::BLIND, true, false, 3, 0, "UNKNOWN"},
      {pb::BLIND, false, false, 2, 1, "CRITICAL"},
  };
  FakeNode node;
  for (const Row& row : rows) {
    pb::Verdict v = HealthyVerdict();
    v.set_state(row.state);
    v.set_serving(row.serving);
    if (row.overridden) v.mutable_state_override()->set_state(row.state);
    node.answers.verdict = v;
    const Ran nagios = Ctl(node.address(), "check --nagios");
    EXPECT_EQ(nagios.code, row.nagios) << pb::State_Name(row.state);
    EXPECT_THAT(nagios.out,
                StartsWith(std::string("CANDOR ") + row.word + " - " + pb::State_Name(row.state)));
    const Ran keepalived = Ctl(node.address(), "check --keepalived");
    EXPECT_EQ(keepalived.code, row.keepalived) << pb::State_Name(row.state);
    EXPECT_EQ(keepalived.out, "");
  }
}

TEST(Check, NagiosGetsOneLineWithPerformanceData) {
  FakeNode node;
  pb::Verdict v = FailingVerdict();
  v.set_detail("12 | of 14\nstall");
  node.answers.verdict = v;
  const std::string out = Ctl(node.address(), "check --nagios").out;
  EXPECT_THAT(out, HasSubstr("12 / of 14\\nstall | offered="));
  EXPECT_EQ(out.find('\n'), out.size() - 1);
}

TEST(Check, NoCandordIsUnknownToNagiosAndDownToKeepalived) {
  const Ran nagios = Ctl("unix:/nowhere/candord.sock", "check --nagios");
  EXPECT_EQ(nagios.code, 3);
  EXPECT_THAT(nagios.out, StartsWith("CANDOR UNKNOWN - cannot reach candord"));
  EXPECT_EQ(Ctl("unix:/nowhere/candord.sock", "check --keepalived").code, 1);
}

TEST(Check, NeedsExactlyOneOfTheFlags) {
  EXPECT_EQ(Ctl("", "check").code, 1);
  EXPECT_EQ(Ctl("", "check --nagios --keepalived").code, 1);
}

}  // namespace
}  // namespace candor::cli
