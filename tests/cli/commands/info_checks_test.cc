// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/info_checks.h"

#include <gtest/gtest.h>

#include <limits>

namespace candor::cli {
namespace {

pb::Info Seeing() {
  pb::Info info;
  info.set_source("bpf");
  info.set_source_target("/sys/fs/cgroup");
  info.set_flows_open(10);
  info.set_flows_max(1000);
  return info;
}

void Count(pb::Info& info, const char* name, uint64_t value) {
  pb::Counter* counter = info.add_counters();
  counter->set_name(name);
  counter->set_value(value);
  counter->set_help("what it means");
}

TEST(CheckSource, OnlyBpfIsWithoutAWarning) {
  pb::Info info = Seeing();
  EXPECT_EQ(CheckSource(info).grade, Grade::kOk);
  EXPECT_EQ(CheckSource(info).text, "bpf on /sys/fs/cgroup");
  info.set_source("pcap");
  EXPECT_EQ(CheckSource(info).grade, Grade::kWarn);
  info.set_source("file");
  EXPECT_EQ(CheckSource(info).grade, Grade::kWarn);
  info.set_source("");
  EXPECT_EQ(CheckSource(info).grade, Grade::kFail);
}

TEST(CheckProbes, BlindnessFailsWithItsCodeAndItsRemediation) {
  pb::Info info = Seeing();
  EXPECT_EQ(CheckProbes(info).grade, Grade::kOk);
  info.set_blindness_code("no_btf");
  info.set_blindness_text("the kernel has no BTF; boot one that has");
  const Finding finding = CheckProbes(info);
  EXPECT_EQ(finding.grade, Grade::kFail);
  EXPECT_EQ(finding.text, "blind (no_btf)");
  EXPECT_EQ(finding.remediation, "the kernel has no BTF; boot one that has");
}

TEST(CheckDrops, IgnoredTrafficIsNoLoss) {
  pb::Info info = Seeing();
  Count(info, "packets", 1000);
  Count(info, "quic", 5);
  Count(info, "unknown", 5);
  Count(info, "flows_new", 5);
  Count(info, "events_lost", 0);
  const auto findings = CheckDrops(info);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].grade, Grade::kOk);
  EXPECT_EQ(findings[0].text, "nothing lost in 1,000 packets");
}

TEST(CheckDrops, EachLossIsALineWithItsMeaningAndARemediation) {
  for (const char* name : {"unparsed", "stun_attributes_cut", "stun_username_cut", "fragments",
                           "extension_headers_cut", "flows_refused", "events_lost"}) {
    pb::Info info = Seeing();
    Count(info, "packets", 1000);
    Count(info, name, 12);
    const auto findings = CheckDrops(info);
    ASSERT_EQ(findings.size(), 1u) << name;
    EXPECT_EQ(findings[0].grade, Grade::kWarn);
    EXPECT_EQ(findings[0].text, std::string(name) + " 12: what it means (1,000 packets seen)");
    EXPECT_FALSE(findings[0].remediation.empty());
  }
}

TEST(CheckDrops, ACounterOfANewerCandordIsShown) {
  pb::Info info = Seeing();
  Count(info, "rtcp_reports_dropped", 1);
  ASSERT_EQ(CheckDrops(info).size(), 1u);
  EXPECT_EQ(CheckDrops(info)[0].grade, Grade::kWarn);
}

TEST(CheckFlowMap, WarnsWhenItIsNearlyFullOrFlowsWereEvicted) {
  struct Row {
    uint64_t open, max, evicted;
    Grade grade;
  };
  const Row rows[] = {
      {10, 1000, 0, Grade::kOk},    {899, 1000, 0, Grade::kOk},
      {900, 1000, 0, Grade::kWarn}, {10, 1000, 1, Grade::kWarn},
      {0, 0, 0, Grade::kOk},        {10, std::numeric_limits<uint64_t>::max(), 0, Grade::kOk},
  };
  for (const Row& row : rows) {
    pb::Info info = Seeing();
    info.set_flows_open(row.open);
    info.set_flows_max(row.max);
    info.set_flows_evicted(row.evicted);
    EXPECT_EQ(CheckFlowMap(info).grade, row.grade) << row.open << " of " << row.max;
  }
}

TEST(CheckSockets, CountsAreShownOrTheReasonForNone) {
  pb::Info info = Seeing();
  EXPECT_EQ(CheckSockets(info).grade, Grade::kWarn) << "an older candord";
  pb::SocketEvidence& sockets = *info.mutable_sockets();
  sockets.set_namespaces(2);
  sockets.set_received(990);
  sockets.set_dropped_full(7);
  sockets.set_dropped_memory(3);
  sockets.set_sent(1990);
  sockets.set_unsent_full(4);
  sockets.set_unsent_refused(6);
  EXPECT_EQ(CheckSockets(info).grade, Grade::kOk);
  EXPECT_EQ(CheckSockets(info).text,
            "socket evidence of 2 network namespaces: 10 of 1,000 received datagrams dropped, 10 of 2,000 "
            "sends failed");
  sockets.set_unavailable("/proc hides it; show it");
  EXPECT_EQ(CheckSockets(info).grade, Grade::kWarn);
  EXPECT_EQ(CheckSockets(info).text, "no socket evidence: /proc hides it; show it");
}

TEST(CheckDropReasons, ShowsWhatTheKernelReportsAndWhatItDoesNot) {
  pb::Info info = Seeing();
  EXPECT_EQ(CheckDropReasons(info).grade, Grade::kWarn) << "an older candord";
  pb::DropEvidence& drops = *info.mutable_sockets()->mutable_drops();
  EXPECT_EQ(CheckDropReasons(info).grade, Grade::kOk);
  EXPECT_EQ(CheckDropReasons(info).text, "the kernel reports drop reasons: 0 datagrams");
  pb::DropReason& reason = *drops.add_reasons();
  reason.set_name("netfilter");
  reason.set_direction("out");
  reason.set_datagrams(1200);
  drops.add_unreported("udp_memory");
  drops.set_unattributed(4);
  drops.set_lost_unread(700);
  drops.set_lost_cut(5);
  EXPECT_EQ(
      CheckDropReasons(info).text,
      "the kernel reports drop reasons: 1,200 datagrams, most of them netfilter, out (1,200); 4 more in a "
      "network namespace that the kernel did not report; the packets of 700 drops were not read: too many "
      "came at once; of 5 drops only a part could be read; this kernel does not report udp_memory");
  drops.set_unavailable("no BTF; sums stand for it");
  EXPECT_EQ(CheckDropReasons(info).grade, Grade::kWarn);
  EXPECT_EQ(CheckDropReasons(info).text, "no drop reasons: no BTF; sums stand for it");
}

TEST(CheckSessions, ShowsHowManyWereAcceptedOrWhyTheyAreNotCounted) {
  pb::Info info = Seeing();
  info.mutable_sessions()->add_ports()->set_port(8088);
  info.mutable_sessions()->set_accepted(1200);
  EXPECT_EQ(CheckSessions(info).grade, Grade::kOk);
  EXPECT_EQ(CheckSessions(info).text, "1,200 TCP connections accepted on 1 port");
  info.mutable_sessions()->set_uncounted(3);
  EXPECT_EQ(CheckSessions(info).text,
            "1,200 TCP connections accepted on 1 port, 3 of them on ports beyond the bound");
  info.mutable_sessions()->set_unavailable("switched off");
  EXPECT_EQ(CheckSessions(info).grade, Grade::kWarn);
  EXPECT_EQ(CheckSessions(info).text, "no count of accepted sessions: switched off");
}

TEST(CheckInfo, EveryWarningIsAFindingAndANoteIsOk) {
  pb::Info info = Seeing();
  info.add_notes("second\x1b");
  info.add_warnings("no socket evidence");
  const auto findings = CheckNotes(info);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].grade, Grade::kWarn);
  EXPECT_EQ(findings[0].text, "no socket evidence");
  EXPECT_EQ(findings[1].grade, Grade::kOk);
  EXPECT_EQ(findings[1].text, "second\\x1b");
  EXPECT_EQ(CheckInfo(info).size(), 8u);
}

TEST(CheckSteering, WhatKeepsItFromSteeringIsAWarning) {
  pb::Info info = Seeing();
  const auto steering = [&] {
    for (const Finding& f : CheckInfo(info))
      if (f.check == "livekit") return f;
    return Finding{};
  };
  EXPECT_EQ(steering().check, "") << "not configured";
  info.mutable_steering()->set_text("because");
  for (const char* state : {"ready", "steering", "not_reported", "starting"}) {
    info.mutable_steering()->set_state(state);
    EXPECT_EQ(steering().grade, Grade::kOk) << state;
  }
  for (const char* state : {"unavailable", "no_node", "held_back"}) {
    info.mutable_steering()->set_state(state);
    EXPECT_EQ(steering().grade, Grade::kWarn) << state;
    EXPECT_EQ(steering().text, std::string(state) + ": because");
  }
}

}  // namespace
}  // namespace candor::cli
