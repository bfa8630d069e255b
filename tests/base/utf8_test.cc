// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace candor {
namespace {

TEST(FirstCodePoint, DecodesOneToFourBytes) {
  struct Row {
    std::string text;
    uint32_t value;
    size_t length;
  };
  const Row rows[] = {{"a", 'a', 1},
                      {std::string("\0", 1), 0, 1},
                      {"\x7f", 0x7f, 1},
                      {"\xc2\x80", 0x80, 2},
                      {"\xdf\xbfx", 0x7ff, 2},
                      {"\xe0\xa0\x80", 0x800, 3},
                      {"\xef\xbf\xbf", 0xffff, 3},
                      {"\xf0\x90\x80\x80", 0x10000, 4},
                      {"\xf4\x8f\xbf\xbf", 0x10ffff, 4}};
  for (const Row& row : rows) {
    EXPECT_EQ(FirstCodePoint(row.text).value, row.value) << row.value;
    EXPECT_EQ(FirstCodePoint(row.text).length, row.length) << row.value;
  }
}

TEST(FirstCodePoint, RefusesWhatIsNotUtf8) {
  const std::string bad[] = {
      "",
      "\x80",              // a tail
      "\xc0\xaf",          // overlong, two bytes
      "\xe0\x9f\xbf",      // overlong, three bytes
      "\xf0\x8f\xbf\xbf",  // overlong, four bytes
      "\xed\xa0\x80",      // a surrogate
      "\xf4\x90\x80\x80",  // above U+10FFFF
      "\xf5\x80\x80\x80",
      "\xff",
      "\xe2\x82",     // cut short
      "\xe2\x28\xa1"  // no tail
  };
  for (const std::string& text : bad) EXPECT_EQ(FirstCodePoint(text).length, 0u) << text;
}

}  // namespace
}  // namespace candor
