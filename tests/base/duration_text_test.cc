// SPDX-License-Identifier: Apache-2.0
#include "base/duration_text.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

using namespace std::chrono_literals;

TEST(ParseDuration, TakesAWholeNumberAndAUnit) {
  EXPECT_EQ(ParseDuration("500ms"), 500ms);
  EXPECT_EQ(ParseDuration("10m"), 10min);
  EXPECT_EQ(ParseDuration("0s"), 0s);
  EXPECT_EQ(ParseDuration("7ns"), 7ns);
  for (const char* text :
       {"", "1", "s", "-1s", "1.5s", "1 s", "1d", "1S", "9223372036854775807h", "99999999999999999999s"}) {
    EXPECT_FALSE(ParseDuration(text)) << text;
  }
}

TEST(DurationText, UsesTheLargestExactUnitAndReadsBack) {
  EXPECT_EQ(DurationText(0s), "0s");
  EXPECT_EQ(DurationText(90s), "90s");
  EXPECT_EQ(DurationText(2h), "2h");
  EXPECT_EQ(DurationText(1500us), "1500us");
  for (const Duration d : {Duration(1), Duration(1ms), Duration(61min), Duration(24h)}) {
    EXPECT_EQ(ParseDuration(DurationText(d)), d);
  }
}

TEST(UnitNamed, IsTheDurationOfOne) {
  EXPECT_EQ(UnitNamed("h"), 1h);
  EXPECT_FALSE(UnitNamed(""));
  EXPECT_FALSE(UnitNamed("min"));
}

}  // namespace
}  // namespace candor
