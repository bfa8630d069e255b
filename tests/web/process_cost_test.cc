// SPDX-License-Identifier: Apache-2.0
#include "web/process_cost.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

#include "base/unique_fd.h"

namespace candor::web {
namespace {

// proc(5): pid (name) state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime
// cutime cstime priority nice num_threads itrealvalue starttime vsize rss ...
constexpr const char* kStat =
    "42 (a ) (b 7) S 1 42 42 0 -1 4194304 9 0 0 0 250 50 0 0 20 0 6 0 777 1048576 25 18446744073709551615 "
    "0\n";

TEST(ProcessCost, ParsesTheFieldsAfterAnArbitraryName) {
  const auto cost = ParseStat(kStat, 100, 4096);
  ASSERT_TRUE(cost);
  EXPECT_DOUBLE_EQ(cost->cpu_seconds, 3.0);
  EXPECT_EQ(cost->threads, 6u);
  EXPECT_EQ(cost->virtual_bytes, 1048576u);
  EXPECT_EQ(cost->resident_bytes, 25u * 4096);
}

TEST(ProcessCost, MalformedTextIsRefused) {
  EXPECT_FALSE(ParseStat("", 100, 4096));
  EXPECT_FALSE(ParseStat("1 (x) S 1 2 3", 100, 4096));
  EXPECT_FALSE(ParseStat(kStat, 0, 4096));
}

TEST(ProcessCost, CountsTheOpenDescriptorsOfThisProcess) {
  const auto before = ReadProcessCost();
  ASSERT_TRUE(before);
  std::vector<UniqueFd> more;
  for (int i = 0; i < 5; ++i) more.emplace_back(::dup(0));
  const auto after = ReadProcessCost();
  ASSERT_TRUE(after);
  EXPECT_EQ(after->open_fds, before->open_fds + 5);
  EXPECT_GT(after->resident_bytes, 100'000u);
  EXPECT_GE(after->max_fds, after->open_fds);
  EXPECT_GE(after->threads, 1u);
}

}  // namespace
}  // namespace candor::web
