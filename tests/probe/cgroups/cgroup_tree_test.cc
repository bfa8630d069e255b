// SPDX-License-Identifier: Apache-2.0
#include "probe/cgroups/cgroup_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace candor {
namespace {

using ::testing::ElementsAre;
namespace fs = std::filesystem;

Time At(double seconds) { return Time(FromSeconds(seconds)); }

// Folders and files like those of a cgroup tree and of procfs.
class CgroupTreeTest : public ::testing::Test {
 protected:
  CgroupTreeTest() { fs::create_directories(proc_); }
  ~CgroupTreeTest() override { fs::remove_all(base_); }

  uint64_t Make(const std::string& path, const std::string& pids = "") {
    fs::create_directories(root_ + path);
    std::ofstream(root_ + path + "/cgroup.procs") << pids;
    struct stat s {};
    return ::stat((root_ + path).c_str(), &s) == 0 ? s.st_ino : 0;
  }
  void Process(const std::string& pid, const std::string& name) {
    fs::create_directories(proc_ + "/" + pid);
    std::ofstream(proc_ + "/" + pid + "/comm") << name << "\n";
  }

  const std::string base_ = ::testing::TempDir() + "cgroup_tree_" + std::to_string(::getpid());
  const std::string root_ = base_ + "/cgroup", proc_ = base_ + "/proc";
};

TEST_F(CgroupTreeTest, FindsACgroupByItsInodeWithItsProcesses) {
  const uint64_t root = Make("");
  const uint64_t janus = Make("/system.slice/janus.service", "12\n13\n14\n0\n");
  Process("12", "janus");
  Process("13", "janus");
  Process("14", "helper");
  CgroupTree tree(root_, proc_);
  const CgroupInfo info = tree.Find(janus, At(1));
  EXPECT_EQ(info.path, "/system.slice/janus.service");
  EXPECT_EQ(info.processes, 3u);
  EXPECT_THAT(info.programs, ElementsAre("helper", "janus"));
  EXPECT_EQ(tree.Find(root, At(1)).path, "/");
}

TEST_F(CgroupTreeTest, SearchesForAnUnknownOneAtMostOnceASecond) {
  Make("");
  CgroupTree tree(root_, proc_);
  EXPECT_EQ(tree.Find(1, At(1)).path, "");
  const uint64_t late = Make("/late.service");
  EXPECT_EQ(tree.Find(late, At(1.5)).path, "");
  EXPECT_EQ(tree.Find(late, At(2.1)).path, "/late.service");
}

TEST_F(CgroupTreeTest, ARemovedOneIsKnownByItsPath) {
  const uint64_t gone = Make("/gone.service");
  CgroupTree tree(root_, proc_);
  EXPECT_FALSE(tree.Find(gone, At(1)).removed);
  fs::remove_all(root_ + "/gone.service");
  const CgroupInfo info = tree.Find(gone, At(1.2));
  EXPECT_EQ(info.path, "/gone.service");
  EXPECT_EQ(info.processes, 0u);
  EXPECT_TRUE(info.removed);
  tree.Find(gone + 1'000'000, At(3));  // searches
  EXPECT_EQ(tree.Find(gone, At(3)).path, "/gone.service");
  EXPECT_TRUE(tree.Find(gone, At(3)).removed);
}

TEST_F(CgroupTreeTest, WithoutATreeNothingIsKnown) {
  CgroupTree tree(base_ + "/missing", proc_);
  EXPECT_EQ(tree.Find(1, At(1)).path, "");
}

}  // namespace
}  // namespace candor
