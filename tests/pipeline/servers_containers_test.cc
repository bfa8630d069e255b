// SPDX-License-Identifier: Apache-2.0
// Servers in containers, whose names change with each deployment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/servers.h"
#include "tests/pipeline/servers_node.h"

namespace candor {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using Node = ServersNode;

std::string Container(char digit) { return "/system.slice/docker-" + std::string(64, digit) + ".scope"; }

TEST(ServersContainers, AContainerThatIsDeployedAgainKeepsItsJudge) {
  Node node;
  node.paths = {{1, Container('a')}, {2, "/system.slice/rtpengine.service"}, {4, Container('b')}};
  node.Run(60, {kJanus, kRtpengine});
  const uint64_t counted = node.Server("docker-aaaaaaaaaaaa.scope").counts.active;
  node.removed = {1};
  node.deployed_as = {{1, 4}};
  node.Run(5, {kJanus, kRtpengine});
  EXPECT_THAT(node.Names(), Not(Contains("docker-aaaaaaaaaaaa.scope")));
  EXPECT_EQ(node.Server("docker-bbbbbbbbbbbb.scope").verdict.state, State::kHealthy);
  EXPECT_GT(node.Server("docker-bbbbbbbbbbbb.scope").counts.active, counted);
}

TEST(ServersContainers, AContainerBesideOneThatIsStillThereIsAnother) {
  Node node;
  node.paths = {{1, Container('a')}, {4, Container('b')}};
  node.Run(60, {kJanus});
  node.deployed_as = {{1, 4}};
  node.Run(5, {kJanus});
  EXPECT_THAT(node.Names(), ElementsAre("docker-aaaaaaaaaaaa.scope", "docker-bbbbbbbbbbbb.scope"));
}

TEST(ServersContainers, WhichOfTwoContainersIsDeployedAgainIsKnownByItsPortsOrNotAtAll) {
  Node node;
  node.paths = {{1, Container('a')}, {2, Container('c')}, {4, Container('b')}};
  node.Run(60, {kJanus, kRtpengine});
  node.paths[5] = Container('d');
  node.removed = {1, 2};
  node.deployed_as = {{2, 5}};
  node.Run(5, {kRtpengine, {4, 3, false}});  // 4 has a port that neither had
  EXPECT_THAT(node.Names(), ElementsAre("docker-aaaaaaaaaaaa.scope", "docker-dddddddddddd.scope",
                                        "docker-bbbbbbbbbbbb.scope"));
}

// Whether the saved one still runs is not known before it is heard of.
TEST(ServersContainers, AnotherContainerThatIsHeardOfFirstAfterARestartIsNotTheSavedOne) {
  Node before;
  before.paths[1] = Container('a');
  before.Run(120, {kJanus});
  before.Run(20, {{1, 3, true}});
  ASSERT_EQ(before.verdict().state, State::kFailing);
  Node after;
  after.paths = {{1, Container('a')}, {4, Container('b')}};
  const auto saved = before.pipeline().SaveBaselines();
  ASSERT_TRUE(after.pipeline().RestoreBaselines(saved, FromSeconds(1), TimeFromNanos(1'000'000'000'000)));
  after.Run(1, {{4, 3, false}});
  EXPECT_THAT(after.Names(), ElementsAre("docker-aaaaaaaaaaaa.scope", "docker-bbbbbbbbbbbb.scope"));
  EXPECT_EQ(after.Server("docker-aaaaaaaaaaaa.scope").verdict.state, State::kFailing);
}

}  // namespace
}  // namespace candor
