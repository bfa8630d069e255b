// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/json_scanner.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(JsonScanner, ReadsNumbersByTheGrammarOfJsonOnly) {
  for (const char* good : {"0", "-0", "12.5", "1e3", "1E-3", "0.25"}) {
    JsonScanner s(good);
    double x = 0;
    EXPECT_TRUE(s.Number(&x) && s.End()) << good;
  }
  for (const char* bad : {"", "+1", ".5", "1.", "1e", "-", "0x10", "NaN", "inf", "1e999"}) {
    JsonScanner s(bad);
    double x = 0;
    EXPECT_FALSE(s.Number(&x) && s.End()) << bad;
  }
  JsonScanner leading("01");
  double x = 0;
  EXPECT_FALSE(leading.Number(&x) && leading.End()) << "no leading zeros";
}

TEST(JsonScanner, IntegersHaveNoSignFractionOrExponent) {
  for (const char* bad : {"-1", "1.0", "1e2", "18446744073709551616", "\"1\""}) {
    JsonScanner s(bad);
    uint64_t x = 0;
    EXPECT_FALSE(s.Unsigned(&x)) << bad;
  }
  JsonScanner s("18446744073709551615");
  uint64_t x = 0;
  EXPECT_TRUE(s.Unsigned(&x));
  EXPECT_EQ(x, UINT64_MAX);
}

TEST(JsonScanner, DecodesEscapes) {
  JsonScanner s(R"("\u0061ck\n")");
  std::string_view word;
  ASSERT_TRUE(s.String(&word));
  EXPECT_EQ(word, "ack\n");
}

TEST(JsonScanner, BadStringsAreNamedByColumn) {
  for (const auto& [text, column] : std::initializer_list<std::pair<const char*, size_t>>{
           {"\"abc", 5}, {"abc", 1}, {"\"a\tb\"", 3}, {"\"\\x\"", 3}}) {
    JsonScanner s(text);
    std::string_view word;
    EXPECT_FALSE(s.String(&word)) << text;
    EXPECT_EQ(s.column(), column) << text << ": " << s.error();
  }
}

}  // namespace
}  // namespace candor
