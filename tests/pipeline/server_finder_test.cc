// SPDX-License-Identifier: Apache-2.0
#include "pipeline/server_finder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace candor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ServerFinderTest : public ::testing::Test {
 protected:
  ServerFinder Make(std::vector<ServerSetting> settings = {}) {
    return ServerFinder(std::move(settings), [this](uint64_t id) {
      ++reads_;
      return cgroups_[id];
    });
  }
  static FlowEvent Flow(uint64_t cgroup, uint16_t port = 10000, double at = 1) {
    FlowEvent e;
    e.at = Time(FromSeconds(at));
    e.key.local_port = port;
    e.flow.cgroup_id = cgroup;
    return e;
  }

  std::map<uint64_t, CgroupInfo> cgroups_{{1, {"/system.slice/janus.service", {"janus"}, 1}},
                                          {2, {"/docker/voip/rtpengine", {"rtpengine", "sh"}, 2}},
                                          {3, {"/", {"coturn", "janus", "nginx"}, 9}}};
  int reads_ = 0;
};

TEST_F(ServerFinderTest, NamesAServerByItsCgroupWhichIsReadOnce) {
  ServerFinder finder = Make();
  EXPECT_EQ(finder.Find(Flow(1)).name, "janus.service");
  EXPECT_EQ(finder.Find(Flow(1)).cgroup, "/system.slice/janus.service");
  EXPECT_EQ(reads_, 1);
}

TEST_F(ServerFinderTest, AsksForAnUnknownCgroupAgainOnlyAfterAWhile) {
  ServerFinder finder = Make();
  EXPECT_EQ(finder.Find(Flow(9)).name, "");
  EXPECT_EQ(finder.Find(Flow(9, 1, 5)).name, "");
  EXPECT_EQ(reads_, 1);
  cgroups_[9] = {"/a/new.service", {}, 1};
  EXPECT_EQ(finder.Find(Flow(9, 1, 12)).name, "new.service");
}

TEST_F(ServerFinderTest, AConfiguredServerTakesWhatHoldsAllThatIsSetOfIt) {
  ServerFinder finder = Make({{.name = "a", .cgroup = "/docker/*", .ports = {20000, 30000}},
                              {.name = "b", .unit = "janus.service"},
                              {.name = "c", .process = "rtpengine"}});
  EXPECT_EQ(finder.Find(Flow(2, 25000)).name, "a");
  EXPECT_EQ(finder.Find(Flow(2, 15000)).name, "c");
  EXPECT_EQ(finder.Find(Flow(1, 25000)).name, "b");
  EXPECT_EQ(finder.Find(Flow(1, 25000)).setting, 1u);
}

TEST_F(ServerFinderTest, APatternTakesTheCgroupsBelowToo) {
  ServerFinder finder =
      Make({{.name = "a", .cgroup = "/docker"}, {.name = "b", .cgroup = "/system.slice/jan?s*"}});
  EXPECT_EQ(finder.Find(Flow(2)).name, "a");
  EXPECT_EQ(finder.Find(Flow(1)).name, "b");
}

TEST_F(ServerFinderTest, WithoutACgroupPortsDecide) {
  ServerFinder finder =
      Make({{.name = "a", .cgroup = "/x", .ports = {20000, 30000}}, {.name = "b", .unit = "u"}});
  EXPECT_EQ(finder.Find(Flow(0, 20000)).name, "a");
  EXPECT_EQ(finder.Find(Flow(0, 19999)).name, "");
}

TEST_F(ServerFinderTest, SaysWhichProgramsOfOneCgroupAreJudgedAsOne) {
  ServerFinder finder = Make();
  finder.Find(Flow(1));
  finder.Find(Flow(2));
  EXPECT_THAT(finder.Notes(), IsEmpty());
  finder.Find(Flow(3));
  EXPECT_THAT(finder.Notes(),
              ElementsAre(HasSubstr("9 processes (coturn, janus, nginx) share the cgroup /")));
}

TEST_F(ServerFinderTest, SaysNothingWherePortsTellThemApart) {
  ServerFinder finder = Make({{.name = "a", .cgroup = "/", .ports = {20000, 30000}}});
  finder.Find(Flow(3));
  EXPECT_THAT(finder.Notes(), IsEmpty());
}

}  // namespace
}  // namespace candor
