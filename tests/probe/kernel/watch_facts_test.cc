// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/watch_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/unique_fd.h"
#include "tests/probe/sockets/fake_proc.h"

namespace candor {
namespace {

using testing::HasSubstr;

uint64_t InodeOf(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 ? about.st_ino : 0;
}

class WatchFactsTest : public testing::Test {
 protected:
  WatchFactsTest() {
    fake_.Members("");
    place_.proc = fake_.proc();
    place_.cgroup = fake_.cgroup();
    place_.mount = fake_.cgroup("/..") + "/mount";
  }
  WatchFacts Sorted(const std::vector<UdpSocket>& sockets) {
    WatchFacts f;
    f.all_ports = place_.port_min == 0;
    SortSockets(sockets, {5, 7}, place_, &f);
    return f;
  }
  // A process in the cgroup, of this test's user, that has the socket open.
  void Process(int pid, int inode) {
    fake_.Members(std::to_string(pid) + "\n");
    const std::string folder = fake_.proc() + "/" + std::to_string(pid) + "/fd";
    std::filesystem::create_directories(folder);
    std::filesystem::create_symlink("socket:[" + std::to_string(inode) + "]", folder + "/3");
  }

  FakeProc fake_;
  WatchedPlace place_;
};

TEST_F(WatchFactsTest, ASocketIsSeenByItsCgroupAlone) {
  const auto f = Sorted({{7, 1, 0, 80, false}, {5, 2, 0, 81, false}, {6, 3, 0, 82, false}});
  EXPECT_EQ(f.inside, 2u);
  EXPECT_EQ(f.outside, 1u);
  EXPECT_EQ(f.proven_port, 0);
}

TEST_F(WatchFactsTest, SocketsOfTheKernelOrOnLoopbackAreNoMedia) {
  const auto f =
      Sorted({{6, 0, 0, 51820, false}, {6, 3, 0, 53, true}, {0, 4, 0, 82, false}, {6, 5, 0, 0, false}});
  EXPECT_EQ(f.outside, 0u);
}

TEST_F(WatchFactsTest, AnOpenDescriptorProvesWhoseASocketIs) {
  Process(12, 3);
  const auto f = Sorted({{6, 9, 0, 53, false}, {6, 3, 0, 7882, false}});
  EXPECT_EQ(f.proven_port, 7882);
  EXPECT_EQ(f.proof, "process 12 in the cgroup has it open");
}

TEST_F(WatchFactsTest, TheUserProvesItUnlessThatIsRoot) {
  Process(12, 99);
  ASSERT_EQ(::getuid(), 0u) << "needs root, to give the process to a user";
  EXPECT_EQ(Sorted({{6, 3, 0, 7882, false}}).proven_port, 0);
  ASSERT_EQ(::chown((fake_.proc() + "/12").c_str(), 1234, 1234), 0);
  EXPECT_EQ(Sorted({{6, 3, 0, 53, false}, {6, 4, 1234, 7882, false}}).proven_port, 7882);
  ASSERT_EQ(::chown((fake_.proc() + "/12").c_str(), 65534, 65534), 0);
  EXPECT_EQ(Sorted({{6, 4, 65534, 7882, false}}).proven_port, 0) << "many run as nobody";
}

TEST_F(WatchFactsTest, TheConfiguredPortsProveIt) {
  place_.port_min = 20000, place_.port_max = 30000;
  EXPECT_EQ(Sorted({{6, 3, 0, 53, false}}).proven_port, 0);
  EXPECT_EQ(Sorted({{6, 3, 0, 53, false}, {6, 4, 0, 20000, false}}).proven_port, 20000);
}

TEST_F(WatchFactsTest, ASocketOfSystemdsIsOfASocketUnit) {
  std::filesystem::create_directories(place_.mount + "/init.scope");
  const auto f = Sorted({{InodeOf(place_.mount + "/init.scope"), 3, 0, 3478, false}});
  EXPECT_EQ(f.proven_port, 3478);
  EXPECT_THAT(f.proof, HasSubstr(".socket unit"));
}

TEST_F(WatchFactsTest, KnowsTheRootOfTheTreeByItsMissingType) {
  EXPECT_TRUE(ReadWatchFacts(place_, false).tree_root);
  FakeProc::Write(fake_.cgroup() + "/cgroup.type", "domain\n");
  EXPECT_FALSE(ReadWatchFacts(place_, false).tree_root);
  std::filesystem::remove(fake_.cgroup() + "/cgroup.procs");
  std::filesystem::remove(fake_.cgroup() + "/cgroup.type");
  EXPECT_FALSE(ReadWatchFacts(place_, false).tree_root) << "what cannot be read is not the root";
}

TEST_F(WatchFactsTest, KnowsWhetherAnyOtherProcessIsThere) {
  const std::string self = std::to_string(::getpid());
  EXPECT_FALSE(ReadWatchFacts(place_, false).only_self);
  fake_.Members(self + "\n");
  EXPECT_TRUE(ReadWatchFacts(place_, false).only_self);
  fake_.Members(self + "\n0\n");
  EXPECT_FALSE(ReadWatchFacts(place_, false).only_self) << "one of another PID namespace";
  fake_.Members(self + "\n");
  fake_.Members("77\n", "/below");
  EXPECT_FALSE(ReadWatchFacts(place_, false).only_self);
}

TEST_F(WatchFactsTest, APrivateCgroupNamespaceIsKnownByItsInode) {
  std::filesystem::create_directories(fake_.proc() + "/self/ns");
  std::filesystem::create_symlink("cgroup:[4026532999]", fake_.proc() + "/self/ns/cgroup");
  EXPECT_TRUE(ReadWatchFacts(place_, false).private_namespace);
  std::filesystem::remove(fake_.proc() + "/self/ns/cgroup");
  EXPECT_FALSE(ReadWatchFacts(place_, false).private_namespace);
  std::filesystem::create_symlink("cgroup:[4026531835]", fake_.proc() + "/self/ns/cgroup");
  EXPECT_FALSE(ReadWatchFacts(place_, false).private_namespace);
}

TEST_F(WatchFactsTest, AnotherNetworkNamespaceCannotBeListed) {
  place_.own_network = false;
  EXPECT_THAT(ReadWatchFacts(place_, true).sockets_unknown, HasSubstr("another network namespace"));
}

}  // namespace
}  // namespace candor
