// SPDX-License-Identifier: Apache-2.0
#include "facts/parse_process.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(ParseProcess, ANameMayHaveParenthesesAndSpaces) {
  const auto p =
      ParseProcStat("12 (a) b (c) T 1 12 12 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 4 0 98765 1000 2 3\n");
  ASSERT_TRUE(p);
  EXPECT_EQ(p->name, "a) b (c");
  EXPECT_EQ(p->state, 'T');
  EXPECT_EQ(p->start_ticks, 98765u);
}

TEST(ParseProcess, ACutTextIsNone) {
  for (const char* text : {"", "12", "12 (a", "12 (a)", "12 (a) S 1 2 3", "12 )a( S"}) {
    EXPECT_FALSE(ParseProcStat(text)) << text;
  }
}

TEST(ParseProcess, TheSoftLimitOfOpenFilesCounts) {
  EXPECT_EQ(
      ParseOpenFilesLimit("Limit                     Soft Limit           Hard Limit           Units     \n"
                          "Max processes             100                  200                  processes \n"
                          "Max open files            1024                 4096                 files     \n"),
      1024u);
  EXPECT_EQ(
      ParseOpenFilesLimit("Max open files            unlimited            unlimited            files\n"),
      UINT64_MAX);
  EXPECT_FALSE(ParseOpenFilesLimit("Max processes 1\n"));
}

}  // namespace
}  // namespace candor
