// SPDX-License-Identifier: Apache-2.0
#include "verdict/cause_codes.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace candor {
namespace {

TEST(CauseCodes, EachHasAStableNameOfItsOwnAndARemediation) {
  std::set<std::string_view> names;
  for (size_t i = 1; i < kCauseCodes; ++i) {
    const auto code = static_cast<CauseCode>(i);
    EXPECT_TRUE(names.insert(Name(code)).second) << Name(code);
    EXPECT_EQ(Name(code).find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos)
        << Name(code);
    EXPECT_EQ(RemediationOf(code).back(), '.') << Name(code);
    EXPECT_EQ(CauseCodeOf(Name(code)), code);
  }
  EXPECT_EQ(CauseCodeOf("no_such_cause"), CauseCode::kNone);
  EXPECT_EQ(Name(CauseCode::kNone), "");
}

TEST(CauseCodes, EveryDropThatIsCountedIsACause) {
  ForEachDrop([](candor_dir direction, candor_drop_reason r) {
    EXPECT_TRUE(IsDrop(CauseCodeOf(r, direction))) << DropName(r) << " " << DirectionName(direction);
  });
  EXPECT_EQ(CauseCodeOf(CANDOR_DROP_QDISC, CANDOR_IN), CauseCode::kNone) << "not counted there";
  EXPECT_FALSE(IsDrop(CauseCode::kFrozen));
}

}  // namespace
}  // namespace candor
