// SPDX-License-Identifier: Apache-2.0
//
// Where candorctl writes: what cannot be written is known with its reason, and lines for people end at the
// terminal's width.
#pragma once

#include <array>
#include <cstddef>
#include <streambuf>
#include <string>
#include <string_view>

namespace candor::cli {

// Writes to `fd`, which outlives it, and keeps the first errno.
class FdBuffer final : public std::streambuf {
 public:
  explicit FdBuffer(int fd);
  ~FdBuffer() override;
  FdBuffer(const FdBuffer&) = delete;
  FdBuffer& operator=(const FdBuffer&) = delete;

  int error() const { return error_; }  // 0: everything was written so far

 protected:
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  bool Drain();

  const int fd_;
  int error_ = 0;
  std::array<char, 8192> buffer_{};
};

// One line (without its newline) broken at spaces so that no piece is wider than `width` columns where a word
// allows it. What follows the first piece is indented as the text of the line is: below its leading blanks,
// or below the last column that begins within its first third. Escape sequences of colours take no place. 0:
// as it is.
std::string BreakLine(std::string_view line, size_t width);

// Hands on to `target`, which outlives it, every line as BreakLine gives it.
class WrappingBuffer final : public std::streambuf {
 public:
  WrappingBuffer(std::streambuf& target, size_t width) : target_(target), width_(width) {}
  ~WrappingBuffer() override;  // hands on a last line that has no newline
  WrappingBuffer(const WrappingBuffer&) = delete;
  WrappingBuffer& operator=(const WrappingBuffer&) = delete;

 protected:
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  bool Put(std::string_view text);

  std::streambuf& target_;
  const size_t width_;
  std::string line_;
};

// The columns of a terminal: `setting` (COLUMNS) where it is a number from 1 to 10,000, else what the
// terminal `fd` says of itself, else 0: no terminal.
size_t TerminalWidth(int fd, std::string_view setting);

}  // namespace candor::cli
