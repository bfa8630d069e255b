// SPDX-License-Identifier: Apache-2.0
#include "base/utc_text.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using namespace std::chrono_literals;

TEST(FormatUtc, RoundsDownToASecond) {
  using At = std::chrono::sys_time<std::chrono::nanoseconds>;
  EXPECT_EQ(FormatUtc(At(0s)), "1970-01-01 00:00:00Z");
  EXPECT_EQ(FormatUtc(At(1796169446s + 999ms)), "2026-12-01 23:57:26Z");
  EXPECT_EQ(FormatUtc(At(-1ns)), "1969-12-31 23:59:59Z");
}

TEST(FormatUtcSeconds, RefusesAYearThatDoesNotFit) {
  EXPECT_EQ(FormatUtcSeconds(18446744073), "2554-07-21 23:34:33");
  EXPECT_EQ(FormatUtcSeconds(INT64_MAX), "?");
}

}  // namespace
}  // namespace candor
