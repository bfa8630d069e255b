// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/json_scanner.h"

#include <charconv>
#include <cmath>

namespace candor {
namespace {

bool Digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool JsonScanner::FailAt(size_t at, std::string message) {
  if (error_.empty()) failed_at_ = at, error_ = std::move(message);
  return false;
}

void JsonScanner::Space() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
}

size_t JsonScanner::Mark() {
  Space();
  return at_;
}

bool JsonScanner::Take(char c) {
  Space();
  if (at_ >= text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

bool JsonScanner::Expect(char c) {
  if (Take(c)) return true;
  const bool end = at_ >= text_.size();
  return FailAt(at_, std::string("expected '") + c + (end ? "', the line ends here" : "'"));
}

bool JsonScanner::End() {
  Space();
  return at_ == text_.size() || FailAt(at_, "more after the object's end");
}

bool JsonScanner::String(std::string_view* out) {
  value_ = Mark();
  if (!Take('"')) return FailAt(at_, "expected a string");
  const size_t from = at_;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\\') return Escaped(from, out);
    if (static_cast<unsigned char>(c) < 0x20) return FailAt(at_, "control character in a string");
    if (c != '"') continue;
    *out = text_.substr(from, at_ - from);
    ++at_;
    return true;
  }
  return FailAt(at_, "the string has no end");
}

bool JsonScanner::Escaped(size_t from, std::string_view* out) {
  decoded_ = text_.substr(from, at_ - from);
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (static_cast<unsigned char>(c) < 0x20) return FailAt(at_, "control character in a string");
    ++at_;
    if (c == '"') {
      *out = decoded_;
      return true;
    }
    if (c != '\\') {
      decoded_ += c;
    } else if (!Escape(&at_)) {
      return FailAt(at_, "no such escape in JSON");
    }
  }
  return FailAt(at_, "the string has no end");
}

bool JsonScanner::Escape(size_t* at) {
  constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  if (*at >= text_.size()) return false;
  const char c = text_[*at];
  if (const auto known = kNames.find(c); known != std::string_view::npos) {
    decoded_ += kMeanings[known];
    ++*at;
    return true;
  }
  uint32_t code = 0;
  if (c != 'u' || *at + 5 > text_.size()) return false;
  const char* from = text_.data() + *at + 1;
  const auto [end, ec] = std::from_chars(from, from + 4, code, 16);
  if (ec != std::errc() || end != from + 4) return false;
  // No word of the format has letters beyond ASCII: what they are does not matter, only that they differ.
  decoded_ += code < 0x80 ? static_cast<char>(code) : '\x7f';
  *at += 5;
  return true;
}

// The grammar of RFC 8259 section 6, which from_chars is more generous than; empty when it is no number.
std::string_view JsonScanner::NumberText() {
  value_ = Mark();
  size_t i = at_;
  const auto next = [&] { return i < text_.size() ? text_[i] : '\0'; };
  const auto digits = [&] {
    const size_t from = i;
    while (Digit(next())) ++i;
    return i > from;
  };
  if (next() == '-') ++i;
  if (next() == '0') {
    ++i;
  } else if (!digits()) {
    return {};
  }
  if (next() == '.' && (++i, !digits())) return {};
  if (next() == 'e' || next() == 'E') {
    ++i;
    if (next() == '+' || next() == '-') ++i;
    if (!digits()) return {};
  }
  const std::string_view out = text_.substr(at_, i - at_);
  at_ = i;
  return out;
}

bool JsonScanner::Number(double* out) {
  const std::string_view text = NumberText();
  if (text.empty()) return FailAt(value_, "expected a number");
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return (ec == std::errc() && std::isfinite(*out)) || FailAt(value_, "number out of range");
}

bool JsonScanner::Unsigned(uint64_t* out) {
  const std::string_view text = NumberText();
  if (text.empty()) return FailAt(value_, "expected a number");
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return (ec == std::errc() && end == text.data() + text.size()) ||
         FailAt(value_, "expected a positive integer of 64 bits");
}

bool JsonScanner::Bool(bool* out) {
  value_ = Mark();
  for (const bool value : {true, false}) {
    const std::string_view word = value ? "true" : "false";
    if (text_.substr(at_, word.size()) != word) continue;
    at_ += word.size();
    *out = value;
    return true;
  }
  return FailAt(at_, "expected true or false");
}

}  // namespace candor
