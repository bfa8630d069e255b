// SPDX-License-Identifier: Apache-2.0
#include "pipeline/servers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/servers_node.h"

namespace candor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using Node = ServersNode;

TEST(Servers, OneServerIsTheNodeAndGivesItsNameToIt) {
  Node node;
  node.Run(60, {kJanus});
  EXPECT_THAT(node.Names(), ElementsAre("janus.service"));
  const ServerStatus s = node.Server("janus.service");
  EXPECT_EQ(node.verdict().state, State::kHealthy);
  EXPECT_EQ(s.verdict.detail, node.verdict().detail);
  EXPECT_EQ(s.verdict.at, node.verdict().at);
  EXPECT_EQ(s.counts.active, node.pipeline().tracker().counts().active);
  EXPECT_EQ(s.cgroup, "/system.slice/janus.service");
}

TEST(Servers, AFrozenServerFailsInItsOwnTimeBesideAHealthyOne) {
  Node node;
  node.Run(120, {kJanus, kRtpengine});
  EXPECT_EQ(node.Server("janus.service").verdict.state, State::kHealthy);
  EXPECT_EQ(node.Server("rtpengine.service").verdict.state, State::kHealthy);
  EXPECT_EQ(node.verdict().state, State::kHealthy);
  const double frozen_at = node.now();
  double failing_at = 0;
  node.on_tick = [&] {
    const ServerStatus sick = node.Server("rtpengine.service");
    if (failing_at == 0 && sick.verdict.state == State::kFailing) failing_at = node.now();
    EXPECT_EQ(node.Server("janus.service").verdict.state, State::kHealthy);
    for (const std::string_view forged : {"unacknowledged_flood", "unanswered_while_idle"}) {
      EXPECT_NE(sick.verdict.reason, forged);
      EXPECT_NE(node.verdict().reason, forged);
    }
  };
  node.Run(20, {kJanus, {2, 3, true}});
  ASSERT_GT(failing_at, 0) << node.Server("rtpengine.service").verdict.reason;
  EXPECT_LE(failing_at - frozen_at, 8);
  EXPECT_EQ(node.verdict().state, State::kFailing);
  EXPECT_EQ(node.verdict().reason, "frozen");
  EXPECT_THAT(node.verdict().detail, HasSubstr("server rtpengine.service: "));
}

// Of those that are asked for in full.
std::vector<ServerFactsRequest> InFull(std::vector<ServerFactsRequest> due) {
  std::erase_if(due, [](const ServerFactsRequest& r) { return r.request.watch; });
  return due;
}

TEST(Servers, LocalFactsAreAskedForOfTheServerThatFailsAndNameItsCause) {
  Node node;
  node.Run(120, {{1, 3}, {2, 3}});
  node.pipeline().DueFacts(node.time());
  EXPECT_TRUE(node.pipeline().DueFacts(node.time()).empty()) << "at most once a second";
  node.Run(2, {{1, 3}, {2, 3}});
  const auto calm = node.pipeline().DueFacts(node.time());
  EXPECT_EQ(calm.size(), 2u);
  EXPECT_TRUE(InFull(calm).empty()) << "in calm the processes alone are watched";
  node.Run(6, {{1, 3}, {2, 3, true}});
  const auto due = InFull(node.pipeline().DueFacts(node.time()));
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].server, node.Server("rtpengine.service").id);
  EXPECT_THAT(due[0].request.cgroups, ElementsAre(2));
  EXPECT_THAT(due[0].request.shared_ports, ElementsAre(10002));
  LocalFacts facts;
  facts.at = node.time();
  facts.frozen = std::string("/system.slice/rtpengine.service");
  node.pipeline().ObserveFacts({due[0].server, facts});
  node.Run(2, {{1, 3}, {2, 3, true}});
  EXPECT_EQ(node.Server("rtpengine.service").verdict.cause.code, "frozen");
  EXPECT_TRUE(node.Server("rtpengine.service").verdict.cause.measured);
  EXPECT_TRUE(node.Server("janus.service").verdict.cause.empty());
}

TEST(Servers, WhatTheWholeNodeDropsIsNoCauseOfOneOfItsServers) {
  Node node;
  node.on_tick = [&] { node.sockets.at = node.time(); };
  node.Run(120, {{1, 3}});  // the only one so far
  node.Run(120, {{1, 3}, {2, 3}});
  node.on_tick = [&] {
    node.sockets.at = node.time();
    node.sockets.drops[CANDOR_OUT][CANDOR_DROP_NETFILTER] += 40;
  };
  node.Run(20, {{1, 3}, {2, 3, true}});
  EXPECT_EQ(node.Server("rtpengine.service").verdict.state, State::kFailing);
  EXPECT_NE(node.Server("rtpengine.service").verdict.cause.code, "dropped_netfilter_out");
}

TEST(Servers, AFrozenServerWithAFewOfTheNodesAttemptsMakesItDegraded) {
  PipelineOptions options;
  options.servers.share = 0.4;
  Node node(options);
  node.Run(120, {{1, 9, false}, {2, 3, false}});
  node.Run(20, {{1, 9, false}, {2, 3, true}});
  EXPECT_EQ(node.Server("rtpengine.service").verdict.state, State::kFailing);
  EXPECT_FALSE(node.Server("rtpengine.service").drives);
  EXPECT_NEAR(node.Server("janus.service").share, 0.75, 0.05);
  EXPECT_EQ(node.verdict().state, State::kDegraded);
  EXPECT_EQ(node.verdict().reason, "server_failing");
}

TEST(Servers, ForgedPacketsToAnotherProgramsPortMakeNoServerOfIt) {
  Node node;
  node.paths[3] = "/system.slice/systemd-resolved.service";
  node.Run(1, {kJanus});
  for (int i = 0; i < 50; ++i) node.Forge(3);
  node.Run(60, {kJanus});
  EXPECT_THAT(node.Names(), ElementsAre("janus.service"));
  EXPECT_EQ(node.verdict().state, State::kHealthy);
  EXPECT_THAT(node.verdict().detail, Not(HasSubstr("server ")));
}

TEST(Servers, AServerThatRestartsIntoANewCgroupOfItsNameKeepsItsJudge) {
  Node node;
  node.Run(60, {kJanus, kRtpengine});
  const uint64_t counted = node.Server("janus.service").counts.active;
  node.paths[4] = "/system.slice/janus.service";  // another inode, another socket
  node.Run(5, {{4, 3, false}, kRtpengine});
  EXPECT_THAT(node.Names(), ElementsAre("janus.service", "rtpengine.service"));
  EXPECT_EQ(node.Server("janus.service").verdict.state, State::kHealthy);
  EXPECT_GT(node.Server("janus.service").counts.active, counted);
}

TEST(Servers, WhatEachHasLearnedOutlivesTheProcess) {
  Node before;
  before.Run(120, {kJanus, kRtpengine});
  before.Run(20, {kJanus, {2, 3, true}});
  ASSERT_EQ(before.Server("rtpengine.service").verdict.state, State::kFailing);
  Node after;
  const auto saved = before.pipeline().SaveBaselines();
  ASSERT_TRUE(after.pipeline().RestoreBaselines(saved, FromSeconds(1), TimeFromNanos(1'000'000'000'000)));
  EXPECT_THAT(after.Names(), ElementsAre("janus.service", "rtpengine.service"));
  EXPECT_EQ(after.Server("rtpengine.service").verdict.state, State::kFailing);
  EXPECT_EQ(after.Server("janus.service").verdict.state, State::kUnknown);
  EXPECT_EQ(after.verdict().state, State::kFailing);
}

TEST(Servers, ABaselineWithoutANameIsThatOfTheOnlyServer) {
  Node before;
  before.Run(60, {kJanus});
  auto saved = before.pipeline().SaveBaselines();
  ASSERT_EQ(saved.size(), 1u);
  saved.front().name.clear();
  Node after;
  ASSERT_TRUE(after.pipeline().RestoreBaselines(saved, {}, TimeFromNanos(1'000'000'000'000)));
  after.Run(30, {kJanus});
  EXPECT_THAT(after.Names(), ElementsAre("janus.service"));
}

TEST(Servers, OneWithoutAttemptsForLongIsGoneAndComesBackWithItsBaseline) {
  PipelineOptions options;
  options.servers.gone_after = std::chrono::minutes(2);
  Node node(options);
  node.Run(60, {kJanus, kRtpengine});
  node.Run(240, {kJanus});
  EXPECT_TRUE(node.Server("rtpengine.service").gone);
  EXPECT_EQ(node.Server("rtpengine.service").verdict.reason, "server_gone");
  EXPECT_EQ(node.verdict().state, State::kHealthy);
  node.Run(5, {kJanus, kRtpengine});
  EXPECT_FALSE(node.Server("rtpengine.service").gone);
}

TEST(Servers, ThoseBeyondTheBoundAreJudgedTogether) {
  PipelineOptions options;
  options.servers.most = 2;
  Node node(options);
  node.paths[3] = "/c.service";
  node.paths[4] = "/d.service";
  node.Run(10, {kJanus, kRtpengine});
  node.Run(10, {kJanus, kRtpengine, {3, 3, false}, {4, 3, false}});
  EXPECT_THAT(node.Names(), ElementsAre("janus.service", "rtpengine.service", "other"));
  EXPECT_GT(node.Server("other").counts.active, 40u);
  EXPECT_THAT(node.pipeline().Notes(), ElementsAre(HasSubstr("judged together as \"other\"")));
}

TEST(Servers, ConfiguredOnesAreShownBeforeTheirFirstAttemptUnderTheirNames) {
  PipelineOptions options;
  options.servers.known = {{.name = "sfu", .unit = "janus.service", .role = Role::kSfu},
                           {.name = "proxy", .unit = "rtpengine.service"}};
  Node node(options);
  EXPECT_THAT(node.Names(), ElementsAre("sfu", "proxy"));
  EXPECT_EQ(node.verdict().state, State::kUnknown);
  node.Run(60, {kJanus});
  EXPECT_EQ(node.Server("sfu").verdict.state, State::kHealthy);
  EXPECT_EQ(node.Server("sfu").role, Role::kSfu);
  EXPECT_EQ(node.Server("proxy").verdict.state, State::kUnknown);
  EXPECT_EQ(node.verdict().state, State::kHealthy);
}

TEST(Servers, LossesOfSocketsAreTheNodesWhereThereAreSeveral) {
  Node node;
  node.on_tick = [&] {
    node.sockets.at = Time(FromSeconds(node.now()));
    node.sockets.received += 250;
  };
  node.Run(60, {kJanus, kRtpengine});
  node.on_tick = [&] {
    node.sockets.at = Time(FromSeconds(node.now()));
    node.sockets.received += 250;
    node.sockets.dropped_full += 50;
  };
  node.Run(60, {kJanus, kRtpengine});
  EXPECT_EQ(node.verdict().reason, "receive_drops");
  EXPECT_EQ(node.Server("janus.service").verdict.state, State::kHealthy);
  EXPECT_EQ(node.Server("rtpengine.service").verdict.state, State::kHealthy);
}

TEST(Servers, EachAttemptIsCountedOnce) {
  Node node;
  node.Run(30, {kJanus, kRtpengine});
  const uint64_t all = node.pipeline().tracker().counts().attempts;
  EXPECT_EQ(node.Server("janus.service").counts.attempts + node.Server("rtpengine.service").counts.attempts,
            all);
  EXPECT_EQ(all, 180u);
}

}  // namespace
}  // namespace candor
