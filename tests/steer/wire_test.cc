// SPDX-License-Identifier: Apache-2.0
#include "steer/wire.h"

#include <gtest/gtest.h>

#include <random>

#include "rows.h"

namespace candor::wire {
namespace {

using steer::PutNumber;
using steer::PutText;
using steer::PutVarint;

std::string Sample() {
  std::string m;
  PutNumber(1, 5, m);
  PutText(2, "abc", m);
  PutNumber(3, 1, m);
  PutVarint((9U << 3U) | 1U, m);
  m += "12345678";
  PutVarint((10U << 3U) | 5U, m);
  m += "1234";
  return m;
}

TEST(Wire, ReadsEveryTypeOfField) {
  const std::string m = Sample();
  Fields fields(m);
  size_t bytes = 0;
  std::vector<uint32_t> numbers;
  while (const auto f = fields.Next()) {
    numbers.push_back(f->number);
    bytes += f->whole.size();
    EXPECT_EQ(f->bytes, f->number == 2 ? "abc" : "");
    EXPECT_EQ(f->varint, f->number == 1 ? 5u : f->number == 3 ? 1u : 0u);
  }
  EXPECT_FALSE(fields.malformed());
  EXPECT_EQ(numbers, (std::vector<uint32_t>{1, 2, 3, 9, 10}));
  EXPECT_EQ(bytes, m.size());
}

TEST(Wire, ReplacesOneFieldAndNothingElse) {
  const auto out = WithVarint(Sample(), 3, 300);
  std::string expected;
  PutNumber(1, 5, expected);
  PutText(2, "abc", expected);
  PutNumber(3, 300, expected);
  expected += Sample().substr(expected.size() - 1);  // 300 takes one byte more than 1
  EXPECT_EQ(*out, expected);
  EXPECT_EQ(*WithVarint(*out, 3, 1), Sample()) << "and back";
}

TEST(Wire, AppendsAFieldThatIsNotThere) {
  std::string expected = Sample();
  PutNumber(6, 2, expected);
  EXPECT_EQ(*WithVarint(Sample(), 6, 2), expected);
}

TEST(Wire, AFieldOfTheSameNumberAndAnotherTypeIsAnUnknownOne) {
  std::string m;
  PutText(6, "x", m);
  std::string expected = m;
  PutNumber(6, 2, expected);
  EXPECT_EQ(*WithVarint(m, 6, 2), expected);
}

TEST(Wire, EveryOccurrenceIsReplacedBecauseTheLastOneCounts) {
  std::string m, expected;
  for (const uint64_t v : {1U, 0U, 1U}) PutNumber(6, v, m), PutNumber(6, 2, expected);
  EXPECT_EQ(*WithVarint(m, 6, 2), expected);
}

TEST(Wire, ReplacesInsideAnEmbeddedMessage) {
  std::string inner, m;
  PutNumber(1, 7, inner);
  PutNumber(2, 1000, inner);
  PutText(4, inner, m);
  PutNumber(6, 1, m);
  std::string inner_expected, expected;
  PutNumber(1, 7, inner_expected);
  PutNumber(2, 5, inner_expected);
  PutText(4, inner_expected, expected);
  PutNumber(6, 1, expected);
  EXPECT_EQ(*WithVarintInside(m, 4, 2, 5), expected);
}

TEST(Wire, RefusesWhatIsCutOffOrHasGroups) {
  const std::string whole = Sample();
  for (size_t n = 1; n < whole.size(); ++n) {
    Fields fields(std::string_view(whole).substr(0, n));
    size_t read = 0;
    while (const auto f = fields.Next()) read += f->whole.size();
    EXPECT_EQ(fields.malformed(), read != n) << n;
  }
  EXPECT_FALSE(WithVarint("\x0b", 1, 1));                                          // a group begins
  EXPECT_FALSE(WithVarint(std::string(1, '\0'), 1, 1));                            // the number 0
  EXPECT_FALSE(WithVarint("\x08" + std::string(10, '\xff') + "\x01", 1, 1));       // a varint above 64 bits
  EXPECT_FALSE(WithVarint("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 1, 1));  // a length beyond all
}

// Random bytes and damaged messages: what is accepted keeps every other field, byte for byte.
TEST(Wire, EditingChangesNothingElseWhateverTheBytes) {
  std::mt19937_64 random(15);
  size_t accepted = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string m = Sample() + Sample();
    for (uint64_t n = random() % 6; n > 0; --n) m[random() % m.size()] = static_cast<char>(random());
    m.resize(random() % (m.size() + 1));
    const auto out = WithVarint(m, 3, 1234567);
    Fields before(m);
    std::string kept_before, kept_after;
    while (const auto f = before.Next())
      if (f->number != 3 || f->type != Type::kVarint) kept_before += f->whole;
    ASSERT_EQ(out.has_value(), !before.malformed());
    if (!out) continue;
    ++accepted;
    Fields after(*out);
    bool set = false;
    while (const auto f = after.Next()) {
      if (f->number == 3 && f->type == Type::kVarint) {
        ASSERT_EQ(f->varint, 1234567u);
        set = true;
      } else {
        kept_after += f->whole;
      }
    }
    ASSERT_FALSE(after.malformed());
    ASSERT_TRUE(set);
    ASSERT_EQ(kept_before, kept_after);
  }
  EXPECT_GT(accepted, 1000u);
}

}  // namespace
}  // namespace candor::wire
