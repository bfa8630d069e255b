// SPDX-License-Identifier: Apache-2.0
#include "base/port_range.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(ParsePortRange, TakesARangeOrOnePort) {
  EXPECT_EQ(ParsePortRange("20000-30000"), (PortRange{20000, 30000}));
  EXPECT_EQ(ParsePortRange("5004"), (PortRange{5004, 5004}));
  EXPECT_EQ(ParsePortRange("0-65535"), PortRange{});
}

TEST(ParsePortRange, SaysWhatIsWrong) {
  EXPECT_TRUE(ParsePortRange("2-1").error().reversed);
  struct Row {
    std::string_view text, not_port;
  };
  for (const Row& row :
       {Row{"", ""}, {"x-1", "x"}, {"1-", ""}, {"1-65536", "65536"}, {"1-2-3", "2-3"}, {"-1", ""}}) {
    const auto parsed = ParsePortRange(row.text);
    ASSERT_FALSE(parsed) << row.text;
    EXPECT_FALSE(parsed.error().reversed) << row.text;
    EXPECT_EQ(parsed.error().not_port, row.not_port) << row.text;
  }
}

}  // namespace
}  // namespace candor
