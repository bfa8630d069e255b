// SPDX-License-Identifier: Apache-2.0
#include "probe/attach/cgroup_mount.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

constexpr const char* kUnified =
    "22 1 0:21 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n"
    "35 22 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
    "40 1 259:2 / /data rw - ext4 /dev/sda2 rw\n";
constexpr const char* kHybrid =
    "31 22 0:26 / /sys/fs/cgroup ro - tmpfs tmpfs ro,mode=755\n"
    "32 31 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "33 31 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";

TEST(FindCgroup2Mount, FindsTheUnifiedTree) { EXPECT_EQ(FindCgroup2Mount(kUnified), "/sys/fs/cgroup"); }

TEST(FindCgroup2Mount, FindsTheV2TreeOfAHybridHost) {
  EXPECT_EQ(FindCgroup2Mount(kHybrid), "/sys/fs/cgroup/unified");
}

TEST(FindCgroup2Mount, ALegacyHostHasNone) {
  const auto found = FindCgroup2Mount("32 31 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "no cgroup2 file system is mounted");
}

TEST(FindCgroup2Mount, AnEmptyTextHasNone) { EXPECT_FALSE(FindCgroup2Mount("")); }

TEST(FindCgroup2Mount, PrefersTheWholeTreeToAPartOfIt) {
  EXPECT_EQ(FindCgroup2Mount("50 1 0:30 /../other /part rw - cgroup2 cgroup2 rw\n"
                             "51 1 0:30 / /whole rw - cgroup2 cgroup2 rw\n"
                             "52 1 0:30 / /later rw - cgroup2 cgroup2 rw\n"),
            "/whole");
}

TEST(FindCgroup2Mount, PrefersTheHostsTreeToThatOfAPrivateCgroupNamespace) {
  EXPECT_EQ(FindCgroup2Mount("50 1 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
                             "51 1 0:30 /../.. /host/cgroup rw - cgroup2 cgroup2 rw\n"
                             "52 1 0:30 /.. /host/slice rw - cgroup2 cgroup2 rw\n"),
            "/host/cgroup");
}

TEST(FindCgroup2Mount, TakesAPartWhenThereIsNothingElse) {
  EXPECT_EQ(FindCgroup2Mount("50 1 0:30 /kubepods /part rw - cgroup2 cgroup2 rw"), "/part");
}

TEST(FindCgroup2Mount, UndoesOctalEscapes) {
  EXPECT_EQ(FindCgroup2Mount("50 1 0:30 / /a\\040b\\134c rw - cgroup2 cgroup2 rw\n"), "/a b\\c");
}

TEST(FindCgroup2Mount, SkipsAnyNumberOfOptionalFields) {
  EXPECT_EQ(FindCgroup2Mount("50 1 0:30 / /x rw shared:1 master:2 propagate_from:3 - cgroup2 none rw\n"),
            "/x");
}

TEST(FindCgroup2Mount, AMountSourceNamedCgroup2IsNotItsType) {
  EXPECT_FALSE(FindCgroup2Mount("50 1 0:30 / /x rw - tmpfs cgroup2 rw\n"));
}

TEST(FindCgroup2Mount, LinesCutOffAreNotMounts) {
  EXPECT_FALSE(FindCgroup2Mount("50 1 0:30 / /x rw -\n50 1 0:30\n\n- cgroup2\n"));
}

TEST(ResolveCgroup, AutoIsTheRootOfTheTree) {
  EXPECT_EQ(ResolveCgroup("/m", "auto"), "/m");
  EXPECT_EQ(ResolveCgroup("/m", ""), "/m");
}

TEST(ResolveCgroup, ARelativePathIsBelowTheMount) {
  EXPECT_EQ(ResolveCgroup("/m", "system.slice/livekit.service"), "/m/system.slice/livekit.service");
}

TEST(ResolveCgroup, AnAbsolutePathIsItself) { EXPECT_EQ(ResolveCgroup("/m", "/host/cg/x/"), "/host/cg/x"); }

TEST(ReadCgroupMount, NamesTheFileItCannotOpen) {
  const auto found = ReadCgroupMount("/nonexistent");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ENOENT);
  EXPECT_NE(found.error().message.find("/nonexistent/self/mountinfo"), std::string::npos);
}

TEST(ReadCgroupMount, FindsTheOneOfThisHost) {
  const auto found = ReadCgroupMount("/proc");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->front(), '/');
}

}  // namespace
}  // namespace candor
