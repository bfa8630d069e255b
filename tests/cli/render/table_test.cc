// SPDX-License-Identifier: Apache-2.0
#include "cli/render/table.h"

#include <gtest/gtest.h>

namespace candor::cli {
namespace {

Table Sample() {
  Table table({{"ID", true}, {"NAME"}, {"NOTE"}}, 2);
  table.Add({{"7"}, {"süß"}, {"x"}});
  table.Add({{"1234"}, {"longer"}, {""}});
  return table;
}

TEST(Table, AlignsItsColumnsByWhatIsSeen) {
  EXPECT_EQ(Sample().Render(Style{}),
            "    ID  NAME    NOTE\n"
            "     7  süß     x\n"
            "  1234  longer\n");
}

TEST(Table, ColourDoesNotMoveAColumn) {
  Table table({{"A"}, {"B"}}, 0);
  table.Add({{"x", Hue::kRed}, {"y"}});
  table.Add({{"long"}, {"z"}});
  EXPECT_EQ(table.Render(Style{true}),
            "\x1b[2mA\x1b[0m     \x1b[2mB\x1b[0m\n"
            "\x1b[1;31mx\x1b[0m     y\n"
            "long  z\n");
}

TEST(Table, IsEmptyWithoutRows) {
  EXPECT_TRUE(Table({{"A"}}, 0).empty());
  EXPECT_FALSE(Sample().empty());
}

}  // namespace
}  // namespace candor::cli
