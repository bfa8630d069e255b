// SPDX-License-Identifier: Apache-2.0
#include "probe/sockets/cgroup_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_proc.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(CgroupTasks, ThoseBelowAreAmongThemAndEachIsThereOnce) {
  FakeProc fake;
  fake.Members("30\n7\n");
  fake.Members("8\n7\n", "/pod/a");
  fake.Members("9\n", "/pod/a/b");
  const auto tasks = ReadCgroupTasks(fake.cgroup(), 100).value();
  EXPECT_THAT(tasks.pids, ElementsAre(7, 8, 9, 30));
  EXPECT_FALSE(tasks.cut);
  EXPECT_EQ(tasks.foreign, 0u);
}

TEST(CgroupTasks, AThreadedCgroupListsItsThreads) {
  FakeProc fake;
  fake.Members("30\n");
  // The kernel refuses to read cgroup.procs there; here it is no file.
  std::filesystem::create_directories(fake.cgroup("/threaded/cgroup.procs"));
  FakeProc::Write(fake.cgroup("/threaded/cgroup.threads"), "31\n");
  EXPECT_THAT(ReadCgroupTasks(fake.cgroup(), 100).value().pids, ElementsAre(30, 31));
}

TEST(CgroupTasks, ProcessesOfAnotherPidNamespaceAreCounted) {
  FakeProc fake;
  fake.Members("0\n0\n5\n");
  const auto tasks = ReadCgroupTasks(fake.cgroup(), 100).value();
  EXPECT_THAT(tasks.pids, ElementsAre(5));
  EXPECT_EQ(tasks.foreign, 2u);
}

TEST(CgroupTasks, MoreThanTheBoundAreCutAndMarked) {
  FakeProc fake;
  fake.Members("1\n2\n3\n");
  fake.Members("4\n5\n", "/below");
  const auto tasks = ReadCgroupTasks(fake.cgroup(), 4).value();
  EXPECT_EQ(tasks.pids.size(), 4u);
  EXPECT_TRUE(tasks.cut);
}

TEST(CgroupTasks, LinesThatAreNoNumbersAreNoProcesses) {
  FakeProc fake;
  fake.Members("\nx\n12x\n12\n99999999999999999999\n13");
  EXPECT_THAT(ReadCgroupTasks(fake.cgroup(), 100).value().pids, ElementsAre(12, 13));
}

TEST(CgroupTasks, ACgroupThatIsNotThereIsAnErrorThatNamesIt) {
  FakeProc fake;
  const auto tasks = ReadCgroupTasks(fake.cgroup("/none"), 100);
  ASSERT_FALSE(tasks.has_value());
  EXPECT_THAT(tasks.error().message, HasSubstr("/none/cgroup"));
}

}  // namespace
}  // namespace candor
