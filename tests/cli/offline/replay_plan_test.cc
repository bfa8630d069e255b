// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace candor::cli {
namespace {

ReplayArguments Least() {
  ReplayArguments a;
  a.file = "x.pcap";
  a.node = "10.99.0.1";
  return a;
}

TEST(ReplayPlan, TakesTheArgumentsIntoTheRoomsTypes) {
  ReplayArguments a = Least();
  a.node = "10.99.0.1, 2001:db8::5";
  a.ports = "20000-30000";
  a.flags.trusted = "10.99.0.0/16,192.0.2.7";
  a.false_alarms_per_month = 0.1;
  a.smallest_share = 0.5;
  a.flags.nat64 = "2001:db8:64::/96";
  a.flags.role = "recorder";
  a.self_report = "down";
  const auto plan = MakePlan(a);
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->source.nodes.size(), 2u);
  EXPECT_EQ(plan->source.nodes[1].ToString(), "2001:db8::5");
  EXPECT_EQ(plan->source.table.port_min, 20000);
  EXPECT_EQ(plan->source.table.port_max, 30000);
  EXPECT_EQ(plan->pipeline.judge.trusted_sources.size(), 2u);
  EXPECT_EQ(plan->pipeline.judge.nat64_prefixes.size(), 1u);
  EXPECT_EQ(plan->pipeline.judge.role, Role::kRecorder);
  EXPECT_EQ(plan->pipeline.judge.false_alarms_per_month, 0.1);
  EXPECT_EQ(plan->pipeline.judge.smallest_share, 0.5);
  EXPECT_FALSE(plan->self_report_ok);
}

TEST(ReplayPlan, ANodeMayHaveAddressesAndNetworks) {
  ReplayArguments a = Least();
  a.node = "10.99.0.1,192.0.2.0/28, 2001:db8::/64";
  const auto plan = MakePlan(a);
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->source.nodes.size(), 1u);
  ASSERT_EQ(plan->source.node_networks.size(), 2u);
  EXPECT_EQ(plan->source.node_networks[0].ToString(), "192.0.2.0/28");
  EXPECT_EQ(plan->source.node_networks[1].ToString(), "2001:db8::/64");
}

TEST(ReplayPlan, OnePortIsARangeOfOneAndNoSelfReportCountsAsServing) {
  ReplayArguments a = Least();
  a.ports = "7882";
  const auto plan = MakePlan(a);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->source.table.port_min, 7882);
  EXPECT_EQ(plan->source.table.port_max, 7882);
  EXPECT_TRUE(plan->self_report_ok);
}

TEST(ReplayPlan, NamesTheFlagThatIsWrong) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const struct {
    std::function<void(ReplayArguments&)> spoil;
    const char* error;
  } rows[] = {
      {[](auto& a) { a.file = ""; }, "FILE: expected a capture file"},
      {[](auto& a) { a.node = ""; }, "--node: expected the address of the node"},
      {[](auto& a) { a.node = "host.example"; }, "--node: 'host.example' is not an IP address"},
      {[](auto& a) { a.node = "10.99.0.0/33"; }, "--node: '10.99.0.0/33': the prefix length must be 0 to 32"},
      {[](auto& a) { a.node = "10.99.0.1,"; }, "--node: '' is not an IP address"},
      {[](auto& a) { a.node = "0.0.0.0/0"; }, "--node: 0.0.0.0/0 holds all addresses"},
      {[](auto& a) { a.node = "::/0"; }, "--node: ::/0 holds all addresses"},
      {[](auto& a) { a.ports = "30000-20000"; }, "--ports: '30000-20000' ends before it begins"},
      {[](auto& a) { a.ports = "1-70000"; }, "--ports: '70000' is not a port"},
      {[](auto& a) { a.ports = "-5"; }, "--ports: '' is not a port"},
      {[](auto& a) { a.flags.trusted = "10.0.0.0/99"; }, "--trusted: '10.0.0.0/99': the prefix length"},
      {[](auto& a) { a.flags.nat64 = "2001:db8::/33"; }, "--nat64: expected an IPv6 prefix of 32, 40"},
      {[](auto& a) { a.flags.nat64 = "10.0.0.0/32"; }, "--nat64: expected an IPv6 prefix of 32, 40"},
      {[](auto& a) { a.flags.role = "mixer"; },
       "--role: expected learned | sfu | recorder | voicemail | relay"},
      {[](auto& a) { a.self_report = "maybe"; }, "--self-report: expected ok or down, found 'maybe'"},
      {[](auto& a) { a.false_alarms_per_month = 0; }, "--false-alarms-per-month: expected"},
      {[nan](auto& a) { a.false_alarms_per_month = nan; }, "--false-alarms-per-month: expected"},
      {[](auto& a) { a.smallest_share = 1; }, "--smallest-share: expected"},
      {[nan](auto& a) { a.smallest_share = nan; }, "--smallest-share: expected"},
  };
  for (const auto& r : rows) {
    ReplayArguments a = Least();
    r.spoil(a);
    const auto plan = MakePlan(a);
    ASSERT_FALSE(plan) << r.error;
    EXPECT_THAT(plan.error().message, ::testing::StartsWith(r.error));
  }
}

}  // namespace
}  // namespace candor::cli
