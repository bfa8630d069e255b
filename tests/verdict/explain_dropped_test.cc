// SPDX-License-Identifier: Apache-2.0
#include "verdict/explain_dropped.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "verdict/explain.h"

namespace candor {
namespace {

Verdict Failing(LostReason reason, uint64_t of_reason, uint64_t attempts, uint64_t failed) {
  Verdict v;
  v.state = State::kFailing;
  v.counted = v.failed = failed;
  v.networks = 9;
  v.dropped = {reason, of_reason, attempts};
  return v;
}

Findings Alarm(Detector d) {
  Findings f;
  f.alarm = d;
  return f;
}

TEST(ExplainDropped, TheKernelsReasonIsTheReasonWithItsShareAndRemediation) {
  Verdict v = Failing({CANDOR_IN, CANDOR_DROP_NETFILTER}, 943, 943, 943);
  Explain(Alarm(Detector::kFrozen), &v);
  EXPECT_EQ(v.reason, "dropped_here");
  EXPECT_EQ(v.detail.rfind("This node's firewall drops what clients send (netfilter, in: 943 of 943).", 0),
            0u)
      << v.detail;
  EXPECT_EQ(v.remediation.rfind("See the rules for input and prerouting", 0), 0u) << v.remediation;
  EXPECT_EQ(v.cause.code, "dropped_netfilter_in");
  EXPECT_TRUE(v.cause.measured);
  EXPECT_FALSE(v.cause.chain.empty());
}

TEST(ExplainDropped, HalfOfTheFailedAttemptsAreNoReason) {
  Verdict v = Failing({CANDOR_IN, CANDOR_DROP_NETFILTER}, 5, 5, 10);
  Explain(Alarm(Detector::kWaitingOnNode), &v);
  EXPECT_EQ(v.reason, "waiting_on_node");
  EXPECT_EQ(v.cause.code, "");
  v = Failing({CANDOR_IN, CANDOR_DROP_NETFILTER}, 4, 6, 10);
  Explain(Alarm(Detector::kWaitingOnNode), &v);
  EXPECT_EQ(v.reason, "dropped_here");
}

TEST(ExplainDropped, EveryReasonThatCanBeLostHasASentenceAndACauseOfItsOwn) {
  std::vector<std::string> seen;
  std::set<std::string> codes;
  for (size_t i = 0; i < kLostReasons; ++i) {
    const LostReason r = LostReasonAt(i);
    if (!r || !IsDropCounted(r.reason, r.direction)) continue;
    Verdict v = Failing(r, 8, 8, 9);
    Explain(Alarm(Detector::kWaitingOnNode), &v);
    EXPECT_EQ(v.reason, "dropped_here") << Text(r);
    EXPECT_FALSE(v.remediation.empty()) << Text(r);
    const std::string sentence = v.detail.substr(0, v.detail.find('('));
    EXPECT_EQ(std::count(seen.begin(), seen.end(), sentence), 0) << sentence;
    seen.push_back(sentence);
    codes.insert(v.cause.code);
  }
  EXPECT_THAT(codes, testing::UnorderedElementsAre(
                         "receive_buffer", "udp_memory", "dropped_netfilter_in", "dropped_netfilter_out",
                         "dropped_checksum", "dropped_no_socket", "dropped_cgroup", "dropped_source",
                         "dropped_policy", "dropped_not_delivered_in", "dropped_not_delivered_out",
                         "dropped_tc", "dropped_qdisc", "dropped_neighbour", "dropped_device",
                         "dropped_route", "dropped_backlog", "dropped_xdp", "dropped_memory"));
}

TEST(ExplainDropped, AFrozenProcessOverflowsItsReceiveBuffer) {
  Verdict v = Failing({CANDOR_IN, CANDOR_DROP_RECEIVE_BUFFER}, 8, 8, 8);
  Explain(Alarm(Detector::kFrozen), &v);
  EXPECT_EQ(v.reason, "frozen");
  EXPECT_EQ(v.cause.code, "");
  Explain(Alarm(Detector::kWaitingOnNode), &v);
  EXPECT_EQ(v.reason, "dropped_here") << "it still answers others";
}

TEST(ExplainDropped, WhatStrangersSendIsNotCalledForgedWhereTheKernelDropsIt) {
  Verdict v = Failing({CANDOR_IN, CANDOR_DROP_NETFILTER}, 8, 8, 8);
  v.state = State::kDegraded;
  Findings f;
  f.harm = Harm::kUnanswered;
  Explain(f, &v);
  EXPECT_EQ(v.reason, "dropped_here");
  EXPECT_NE(v.detail.find("the same as strangers"), std::string::npos) << v.detail;
  f.harm = Harm::kTooFewSources;
  Explain(f, &v);
  EXPECT_EQ(v.reason, "too_few_sources");
  EXPECT_EQ(v.detail.rfind("This node's firewall drops", 0), 0u) << v.detail;
}

TEST(ExplainDropped, OtherHarmsKeepTheirReason) {
  for (const Harm harm : {Harm::kSlowSetup, Harm::kReceiveDrops, Harm::kFailedSends}) {
    Verdict v = Failing({CANDOR_IN, CANDOR_DROP_RECEIVE_BUFFER}, 8, 8, 8);
    v.state = State::kDegraded;
    Findings f;
    f.harm = harm;
    Explain(f, &v);
    EXPECT_NE(v.reason, "dropped_here");
  }
}

TEST(ExplainDropped, AHealthyNodeHasNoCause) {
  Verdict v = Failing({CANDOR_IN, CANDOR_DROP_NETFILTER}, 8, 8, 8);
  v.state = State::kHealthy;
  Explain(Findings{}, &v);
  EXPECT_EQ(v.reason, "ok");
  EXPECT_EQ(v.cause.code, "");
}

}  // namespace
}  // namespace candor
