// SPDX-License-Identifier: Apache-2.0
#include "facts/parse_cgroup.h"

#include <gtest/gtest.h>

#include "facts/words.h"

namespace candor {
namespace {

TEST(Words, ComeOneAfterTheOther) {
  std::string_view text = "a  b\nc", line = TakeLine(&text);
  EXPECT_EQ(TakeWord(&line), "a");
  EXPECT_EQ(TakeWord(&line), "b");
  EXPECT_EQ(TakeWord(&line), "");
  EXPECT_EQ(text, "c");
  EXPECT_EQ(NumberOf("12"), 12u);
  EXPECT_EQ(NumberOf("0a", 16), 10u);
  for (const char* no : {"", "-1", "1x", "99999999999999999999999"}) EXPECT_FALSE(NumberOf(no)) << no;
}

TEST(ParseCgroup, QuotasAreReadOfBothVersions) {
  const auto v2 = ParseCpuStat("usage_usec 9\nnr_periods 10\nnr_throttled 4\nthrottled_usec 2500\n");
  ASSERT_TRUE(v2);
  EXPECT_EQ(*v2, (CpuStat{10, 4, std::chrono::microseconds(2500)}));
  const auto v1 = ParseCpuStat("nr_periods 10\nnr_throttled 4\nthrottled_time 2500\n");
  ASSERT_TRUE(v1);
  EXPECT_EQ(v1->throttled, Duration(2500));
  EXPECT_FALSE(ParseCpuStat("usage_usec 9\nuser_usec 5\n")) << "without the cpu controller";
}

TEST(ParseCgroup, PressureOfBothKinds) {
  const auto p = ParsePressure(
      "some avg10=12.50 avg60=1.00 avg300=0.00 total=123456\nfull avg10=2.00 avg60=0.00 avg300=0.00 "
      "total=99\n");
  ASSERT_TRUE(p);
  EXPECT_DOUBLE_EQ(p->some_avg10, 0.125);
  EXPECT_DOUBLE_EQ(p->full_avg10, 0.02);
  EXPECT_EQ(p->some, std::chrono::microseconds(123456));
  EXPECT_EQ(p->full, std::chrono::microseconds(99));
  EXPECT_TRUE(ParsePressure("some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"))
      << "5.x has no full cpu line";
  EXPECT_FALSE(ParsePressure("")) << "EOPNOTSUPP reads as nothing";
}

TEST(ParseCgroup, MountsOfTheHybridLayoutAreFoundByController) {
  const CgroupMounts m = ParseCgroupMounts(
      "29 23 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
      "30 29 0:27 / /sys/fs/cgroup/unified rw,nosuid shared:5 - cgroup2 cgroup2 rw,nsdelegate\n"
      "31 29 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
      "32 29 0:29 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer\n"
      "no line\n");
  EXPECT_EQ(m.at("cgroup2"), "/sys/fs/cgroup/unified");
  EXPECT_EQ(m.at("cpu"), "/sys/fs/cgroup/cpu,cpuacct");
  EXPECT_EQ(m.at("freezer"), "/sys/fs/cgroup/freezer");
  EXPECT_EQ(m.size(), 3u);
}

TEST(ParseCgroup, PathsOutsideTheNamespaceAreLeftOut) {
  const CgroupPaths p = ParseCgroupPaths("4:cpu,cpuacct:/a\n3:memory:/../b\n1:name=systemd:/c\n0::/a/b\n");
  EXPECT_EQ(p.at("cpu"), "/a");
  EXPECT_EQ(p.at("cgroup2"), "/a/b");
  EXPECT_FALSE(p.contains("memory"));
}

}  // namespace
}  // namespace candor
