// SPDX-License-Identifier: Apache-2.0
#include "base/json_quote.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(JsonQuoted, EscapesQuotesBackslashesAndControlCharacters) {
  EXPECT_EQ(JsonQuoted("a\"b\\c\n\x7f"), R"("a\"b\\c\u000a\u007f")");
  EXPECT_EQ(JsonQuoted(std::string_view("\0", 1)), R"("\u0000")");
  EXPECT_EQ(JsonQuoted(""), "\"\"");
}

TEST(JsonQuoted, KeepsUtf8AndReplacesOtherBytesOneByOne) {
  EXPECT_EQ(JsonQuoted("gr\xC3\xBC\xC3\x9F \xF0\x9F\x8E\xA7"), "\"gr\xC3\xBC\xC3\x9F \xF0\x9F\x8E\xA7\"");
  EXPECT_EQ(JsonQuoted("a\xFF\xE2\x82z"), R"("a\ufffd\ufffd\ufffdz")");
}

}  // namespace
}  // namespace candor
