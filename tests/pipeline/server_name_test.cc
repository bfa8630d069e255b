// SPDX-License-Identifier: Apache-2.0
#include "pipeline/server_name.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

const std::string kId(64, 'a');

TEST(ServerName, IsTheDeepestUnitOrContainerOfTheCgroup) {
  EXPECT_EQ(ServerNameOf("/system.slice/janus.service"), "janus.service");
  EXPECT_EQ(ServerNameOf("/user.slice/user-1000.slice/user@1000.service/app.slice/janus.service/worker"),
            "janus.service");
  EXPECT_EQ(ServerNameOf("/system.slice/docker-" + kId + ".scope"), "docker-aaaaaaaaaaaa.scope");
  EXPECT_EQ(ServerNameOf("/docker/" + kId), "aaaaaaaaaaaa");
  EXPECT_EQ(ServerNameOf("/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + kId + ".scope"),
            "cri-containerd-aaaaaaaaaaaa.scope");
}

TEST(ServerName, ContainersOfAKindHaveAllButTheirIdentityInCommon) {
  EXPECT_EQ(ContainerKindOf("docker-0123456789ab.scope"), "docker-#.scope");
  EXPECT_EQ(ContainerKindOf("cri-containerd-aaaaaaaaaaaa.scope"), "cri-containerd-#.scope");
  EXPECT_EQ(ContainerKindOf("0123456789ab"), "#");
  for (const char* name : {"janus.service", "", "docker-.scope", "0123456789abc", "feed.service",
                           "media-0123456789ab-x.service", "node0123456789ab", "docker-0123456789ab_.scope"})
    EXPECT_EQ(ContainerKindOf(name), "") << name;
}

TEST(ServerName, WithoutAUnitItIsTheLastComponent) {
  EXPECT_EQ(ServerNameOf("/media/janus"), "janus");
  EXPECT_EQ(ServerNameOf("/"), "root");
  EXPECT_EQ(ServerNameOf(""), "root");
}

TEST(ServerName, HasOnlyCharactersThatPathsAndLabelsCanHold) {
  EXPECT_EQ(ServerNameOf("/system.slice/my\\x2djanus \"a\"/../x.service"), "x.service");
  EXPECT_EQ(ServerNameOf("/a b\\c\n\"d\""), "a_b_c__d_");
  EXPECT_EQ(ServerNameOf("/..").size(), 3u);
  EXPECT_EQ(ServerNameOf("/" + std::string(500, 'x')).size(), 64u);
  for (const char* path : {"/", "/..", "/\xc3\xa4", "/a b", "/media", "/sensor"}) {
    EXPECT_TRUE(IsServerName(ServerNameOf(path))) << path;
    EXPECT_FALSE(IsReservedServerName(ServerNameOf(path))) << path;
  }
}

TEST(ServerName, AReservedOneGetsAnUnderscore) {
  EXPECT_EQ(ServerNameOf("/media"), "media_");
  EXPECT_TRUE(IsReservedServerName(""));
  EXPECT_TRUE(IsReservedServerName("other"));
  EXPECT_FALSE(IsReservedServerName("janus.service"));
}

}  // namespace
}  // namespace candor
