// SPDX-License-Identifier: Apache-2.0
//
// Lines, words and numbers of the texts under /proc and /sys. Pure.
// Tested in tests/facts/parse_cgroup_test.cc.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace candor {

inline std::string_view TakeLine(std::string_view* text) {
  const size_t end = std::min(text->find('\n'), text->size());
  const std::string_view line = text->substr(0, end);
  text->remove_prefix(std::min(end + 1, text->size()));
  return line;
}

// Empty at the end of the line.
inline std::string_view TakeWord(std::string_view* line) {
  line->remove_prefix(std::min(line->find_first_not_of(" \t"), line->size()));
  const size_t end = std::min(line->find_first_of(" \t"), line->size());
  const std::string_view word = line->substr(0, end);
  line->remove_prefix(end);
  return word;
}

inline void SkipWords(std::string_view* line, int n) {
  for (int i = 0; i < n; ++i) TakeWord(line);
}

// The whole word, without a sign.
inline std::optional<uint64_t> NumberOf(std::string_view word, int base = 10) {
  uint64_t value = 0;
  const auto [end, ec] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  if (ec != std::errc() || end != word.data() + word.size() || word.empty()) return std::nullopt;
  return value;
}

}  // namespace candor
