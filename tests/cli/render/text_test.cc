// SPDX-License-Identifier: Apache-2.0
#include "cli/render/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace candor::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST(Printable, EscapesWhatCouldDriveATerminal) {
  struct Row {
    std::string raw, shown;
  };
  const Row rows[] = {
      {"plain text, 100 %", "plain text, 100 %"},
      {"Grüße", "Grüße"},
      {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
      {"\x1b[31mred", "\\x1b[31mred"},
      {std::string("nul\0", 4), "nul\\x00"},
      {"\x7f", "\\x7f"},
      {"\xc2\x9b"
       "2J",
       "\\x9b2J"},  // C1: CSI in one character
      {"\xe2\x80\xae"
       "gnp.exe",
       "\\u{202e}gnp.exe"},  // right-to-left override
      {"\xe2\x81\xa6", "\\u{2066}"},
      {"\xff\xfe", "\\xff\\xfe"},                    // no UTF-8
      {"\xc0\x9b", "\\xc0\\x9b"},                    // overlong ESC
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // surrogate
      {"\xe2\x82", "\\xe2\\x82"},                    // cut off
      {"\xf0\x9f\x8e\xa5", "\xf0\x9f\x8e\xa5"},      // beyond 16 bits
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // beyond Unicode
  };
  for (const Row& row : rows) EXPECT_EQ(Printable(row.raw), row.shown);
}

TEST(Printable, NoByteStringLeavesAControlCharacter) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string raw = {static_cast<char>(a), static_cast<char>(b)};
      for (const char c : Printable(raw)) {
        ASSERT_GE(static_cast<unsigned char>(c), 0x20) << a << " " << b;
        ASSERT_NE(c, '\x7f') << a << " " << b;
      }
    }
  }
}

TEST(Columns, CountsCodePoints) {
  EXPECT_EQ(Columns(""), 0u);
  EXPECT_EQ(Columns("abc"), 3u);
  EXPECT_EQ(Columns("Grüße"), 5u);
}

TEST(Age, HasTwoUnits) {
  struct Row {
    nanoseconds age;
    const char* words;
  };
  const Row rows[] = {
      {-5s, "0 s"},          {0s, "0 s"},          {999ms, "0 s"},           {59s, "59 s"},
      {60s, "1 min"},        {252s, "4 min 12 s"}, {3599s, "59 min 59 s"},   {3600s, "1 h"},
      {185min, "3 h 5 min"}, {24h, "1 d"},         {52h + 59min, "2 d 4 h"}, {24h * 365 * 50, "18250 d"},
  };
  for (const Row& row : rows) EXPECT_EQ(Age(row.age), row.words);
}

TEST(Brief, KeepsTheDecimalsThatMatterOfASetUpTime) {
  EXPECT_EQ(Brief(-1ms), "0 ms");
  EXPECT_EQ(Brief(310ms), "310 ms");
  EXPECT_EQ(Brief(999ms), "999 ms");
  EXPECT_EQ(Brief(999900us), "1.0 s");
  EXPECT_EQ(Brief(1240ms), "1.2 s");
  EXPECT_EQ(Brief(59960ms), "59 s");
  EXPECT_EQ(Brief(61s), "1 min 1 s");
}

TEST(Thousands, GroupsByThree) {
  EXPECT_EQ(Thousands(0), "0");
  EXPECT_EQ(Thousands(999), "999");
  EXPECT_EQ(Thousands(1000), "1,000");
  EXPECT_EQ(Thousands(1204331), "1,204,331");
  EXPECT_EQ(Thousands(std::numeric_limits<uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(Counted, GivesOneThingItsSingular) {
  EXPECT_EQ(Counted(0, "attempt"), "0 attempts");
  EXPECT_EQ(Counted(1, "attempt"), "1 attempt");
  EXPECT_EQ(Counted(1204331, "attempt"), "1,204,331 attempts");
  EXPECT_EQ(Counted(1, "retry", "retries"), "1 retry");
  EXPECT_EQ(Counted(2, "retry", "retries"), "2 retries");
}

TEST(Paragraph, IsOneLineHoweverLong) {
  EXPECT_EQ(Paragraph("", 2), "");
  const std::string text(300, 'x');
  EXPECT_EQ(Paragraph(text, 2), "  " + text + "\n");
}

TEST(Percent, HasADecimalBelowTen) {
  EXPECT_EQ(Percent(0), "0.0 %");
  EXPECT_EQ(Percent(0.005), "0.5 %");
  EXPECT_EQ(Percent(0.0994), "9.9 %");
  EXPECT_EQ(Percent(0.0996), "10 %");
  EXPECT_EQ(Percent(1), "100 %");
  EXPECT_EQ(Percent(std::nan("")), "?");
  EXPECT_EQ(Percent(std::numeric_limits<double>::infinity()), "?");
}

TEST(Bar, FillsByTheShareReached) {
  EXPECT_EQ(Bar(0, 10, 4), "[....]");
  EXPECT_EQ(Bar(5, 10, 4), "[##..]");
  EXPECT_EQ(Bar(9.99, 10, 4), "[###.]");
  EXPECT_EQ(Bar(10, 10, 4), "[####]");
  EXPECT_EQ(Bar(1e300, 10, 4), "[####]");
  EXPECT_EQ(Bar(-3, 10, 4), "[....]");
  EXPECT_EQ(Bar(3, 0, 4), "[....]");
  EXPECT_EQ(Bar(std::nan(""), 10, 4), "[....]");
  EXPECT_EQ(Bar(std::numeric_limits<double>::infinity(), 10, 4), "[####]");
}

TEST(Wrap, BreaksAtSpacesAndNeverInsideAWord) {
  EXPECT_EQ(Wrap("", 2, 10), "");
  EXPECT_EQ(Wrap("one two three", 2, 10), "  one two\n  three\n");
  EXPECT_EQ(Wrap("a-word-that-is-too-long b", 2, 10), "  a-word-that-is-too-long\n  b\n");
  EXPECT_EQ(Wrap("ends with a space ", 0, 80), "ends with a space\n");
}

TEST(ParseDuration, TakesANumberAndAUnit) {
  EXPECT_EQ(ParseDuration("2s"), 2s);
  EXPECT_EQ(ParseDuration("500ms"), 500ms);
  EXPECT_EQ(ParseDuration("1.5s"), 1500ms);
  EXPECT_EQ(ParseDuration("3m"), 3min);
  EXPECT_EQ(ParseDuration("1h"), 1h);
  EXPECT_EQ(ParseDuration("168h"), 168h);
}

TEST(ParseDuration, RefusesTheRest) {
  for (const char* text : {"", "s", "2", "2 s", "-2s", "0s", "0.1ms", "2sec", "inf", "infs", "nans", "1e300s",
                           "169h", "2s3", "0x2s", "+2s"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace candor::cli
