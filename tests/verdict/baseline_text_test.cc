// SPDX-License-Identifier: Apache-2.0
#include "verdict/baseline_text.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

SavedBaseline Sample() {
  SavedBaseline s;
  s.per_second = 4.25;
  for (size_t i = 0; i < kChannels; ++i) s.state.shares[i] = {100.5, 3.25, 1000, 30};
  s.state.setup[7] = 1.5;
  s.state.vouch[kAgeBins - 1] = 2;
  s.rows[5] = 1.75;
  return s;
}

TEST(BaselineText, ComesBackAsItWas) {
  const auto back = ParseBaseline(ToText(Sample()));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(back->per_second, 4.25);
  EXPECT_EQ(back->state.shares[5].failed, 3.25);
  EXPECT_EQ(back->state.setup[7], 1.5);
  EXPECT_EQ(back->rows[5], 1.75);
  EXPECT_EQ(ToText(*back), ToText(Sample()));
}

// As versions before wrote it.
constexpr std::string_view kWithoutRows =
    "candor-baseline 1\nrate 4.25\nshare node_owed 100 3 1000 30\nshare never_active_alive 100 3 1000 30\n"
    "share never_active 100 3 1000 30\nshare early_drop 100 3 1000 30\nshare slow_setup 100 3 1000 30\n"
    "share frozen 100 3 1000 30\nshare none_active 100 3 1000 30\nsetup 7:1.5\nvouch 104:2\n"
    "check 38acc8f9a64998ac\n";

TEST(BaselineText, OneWithoutRowsIsReadAsOneThatHasSeenNone) {
  const auto back = ParseBaseline(kWithoutRows);
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(back->state.setup[7], 1.5);
  for (const double n : back->rows) EXPECT_EQ(n, 0);
}

TEST(BaselineText, EveryFlippedByteAndEveryCutIsNoticed) {
  const std::string text = ToText(Sample());
  for (size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(ParseBaseline(damaged).has_value()) << i;
    EXPECT_FALSE(ParseBaseline(text.substr(0, i)).has_value()) << i;
  }
}

TEST(BaselineText, SenselessFiguresAreRefusedEvenWithTheRightChecksum) {
  SavedBaseline s = Sample();
  s.state.shares[0].failed = 1000;  // more failures than attempts
  const auto back = ParseBaseline(ToText(s));
  ASSERT_FALSE(back.has_value());
  EXPECT_NE(back.error().message.find("line 3"), std::string::npos) << back.error().message;
}

}  // namespace
}  // namespace candor
