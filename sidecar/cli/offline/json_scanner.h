// SPDX-License-Identifier: Apache-2.0
//
// A scanner for one flat JSON object (RFC 8259) on one line, as exact as a parser and as fast as its memory:
// nothing is built, the caller asks for what the format allows next. The first mistake stands, with its
// column counted from 1 in bytes. One thread; `text` outlives the scanner.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace candor {

class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : text_(text) {}

  bool Take(char c);    // skips white space; consumes `c` if it is next
  bool Expect(char c);  // ... or fails
  bool End();           // nothing but white space is left
  // Strings are views into the line, or into the scanner where they hold escapes (until the next String).
  bool String(std::string_view* out);
  bool Number(double* out);
  bool Unsigned(uint64_t* out);  // an integer of 64 bits without sign, fraction or exponent
  bool Bool(bool* out);

  // Always false, so that callers can return it.
  bool Fail(std::string message) { return FailAt(value_, std::move(message)); }
  bool FailAt(size_t at, std::string message);
  size_t Mark();  // where the next value begins

  size_t column() const { return failed_at_ + 1; }
  const std::string& error() const { return error_; }

 private:
  void Space();
  std::string_view NumberText();
  bool Escaped(size_t from, std::string_view* out);
  bool Escape(size_t* at);

  std::string_view text_;
  size_t at_ = 0, value_ = 0, failed_at_ = 0;
  std::string error_, decoded_;
};

}  // namespace candor
