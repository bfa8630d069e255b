// SPDX-License-Identifier: Apache-2.0
#include "cli/render/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <ostream>
#include <sstream>

#include "base/unique_fd.h"

namespace candor::cli {
namespace {

TEST(BreakLine, BreaksAtBlanksAndHangsWhatFollowsBelowTheText) {
  struct Row {
    const char* line;
    size_t width;
    const char* broken;
  };
  const Row rows[] = {
      {"short", 10, "short"},
      {"", 10, ""},
      {"one two three", 0, "one two three"},
      {"one two three", 9, "one two\nthree"},
      {"one two three", 7, "one two\nthree"},
      {"  one two three", 9, "  one two\n  three"},
      {"  next      candorctl why and much more than that", 40,
       "  next      candorctl why and much more\n            than that"},
      {"OK    probes            the probes see every packet", 60,
       "OK    probes            the probes see every packet"},
      {"  12  3 s  active  10.0.0.1:5000  late", 30, "  12  3 s  active\n      10.0.0.1:5000  late"},
      {"a-word-that-is-too-long b", 10, "a-word-that-is-too-long\nb"},
      {"  a-word-that-is-too-long", 10, "  a-word-that-is-too-long"},
      {"ends in blanks   ", 20, "ends in blanks   "},
      {"Grüße Grüße Grüße", 11, "Grüße Grüße\nGrüße"},
      {"\x1b[1;31mred words\x1b[0m here", 9, "\x1b[1;31mred words\x1b[0m\nhere"},
  };
  for (const Row& row : rows) EXPECT_EQ(BreakLine(row.line, row.width), row.broken) << row.line;
}

TEST(BreakLine, NoPieceIsWiderThanItMustBeAndNoWordIsLost) {
  const std::string line =
      "  title     some words of several lengths, figures 1,204,331 and a-long-one-with-dashes end";
  for (size_t width = 1; width < 100; ++width) {
    std::istringstream broken(BreakLine(line, width)), whole(line);
    std::string piece, word, expected;
    std::vector<std::string> words;
    while (std::getline(broken, piece)) {
      std::istringstream in(piece);
      size_t in_piece = 0;
      for (; in >> word; ++in_piece) words.push_back(word);
      EXPECT_TRUE(piece.size() <= width || in_piece == 1) << width << ": " << piece;
    }
    size_t i = 0;
    for (; whole >> expected; ++i) ASSERT_EQ(words.at(i), expected) << width;
    EXPECT_EQ(words.size(), i);
  }
}

TEST(WrappingBuffer, HandsOnWholeLinesAndTheLastOneWithoutItsNewline) {
  std::ostringstream target;
  {
    WrappingBuffer lines(*target.rdbuf(), 8);
    std::ostream out(&lines);
    out << "one two"
        << " three\nfour" << std::flush;
    EXPECT_EQ(target.str(), "one two\nthree\n");
  }
  EXPECT_EQ(target.str(), "one two\nthree\nfour");
}

TEST(FdBuffer, KeepsTheReasonWhyNothingCanBeWritten) {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full);
  FdBuffer buffer(full.get());
  std::ostream out(&buffer);
  out << "an answer";
  EXPECT_TRUE(out) << "not tried yet";
  EXPECT_FALSE(out.flush());
  EXPECT_EQ(buffer.error(), ENOSPC);
}

TEST(FdBuffer, WritesMoreThanItHoldsInOrder) {
  int ends[2] = {};
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
  const UniqueFd from(ends[0]), to(ends[1]);
  std::string text;
  for (int i = 0; text.size() < 30'000; ++i) text += std::to_string(i) + " ";
  {
    FdBuffer buffer(to.get());
    std::ostream out(&buffer);
    out << text;
    EXPECT_TRUE(out.flush());
    EXPECT_EQ(buffer.error(), 0);
  }
  std::string read(text.size() + 1, '\0');
  size_t got = 0;
  for (ssize_t n = 0; (n = ::read(from.get(), read.data() + got, read.size() - got)) > 0;) {
    got += static_cast<size_t>(n);
  }
  EXPECT_EQ(read.substr(0, got), text);
}

TEST(TerminalWidth, TakesTheSettingElseTheTerminalElseNone) {
  const UniqueFd none(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(TerminalWidth(none.get(), ""), 0u) << "no terminal: lines stay whole";
  EXPECT_EQ(TerminalWidth(none.get(), "72"), 72u);
  for (const char* bad : {"0", "-1", "wide", "72x", "99999999999999999999", "10001"}) {
    EXPECT_EQ(TerminalWidth(none.get(), bad), 0u) << bad;
  }
}

}  // namespace
}  // namespace candor::cli
