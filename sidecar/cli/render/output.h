// SPDX-License-Identifier: Apache-2.0
//
// Stream buffers of candorctl: one keeps the errno of a failed write, one breaks lines at the terminal's
// width.
#pragma once

#include <array>
#include <cstddef>
#include <streambuf>
#include <string>
#include <string_view>

namespace candor::cli {

// Writes to `fd`, which must outlive it, and keeps the first errno.
class FdBuffer final : public std::streambuf {
 public:
  explicit FdBuffer(int fd);
  ~FdBuffer() override;
  FdBuffer(const FdBuffer&) = delete;
  FdBuffer& operator=(const FdBuffer&) = delete;

  int error() const { return error_; }  // 0: no write has failed

 protected:
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  bool Drain();

  const int fd_;
  int error_ = 0;
  std::array<char, 8192> buffer_{};
};

// One line (without its newline) broken at spaces so that only a single word is wider than `width` columns;
// 0: not broken. The pieces after the first are indented to the line's first character, or to the last column
// that begins within the first third of `width`. Colour sequences have no width.
std::string BreakLine(std::string_view line, size_t width);

// Passes every line through BreakLine to `target`, which must outlive it.
class WrappingBuffer final : public std::streambuf {
 public:
  WrappingBuffer(std::streambuf& target, size_t width) : target_(target), width_(width) {}
  ~WrappingBuffer() override;  // passes on a last line without a newline
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

// The columns of a terminal: `setting` (COLUMNS) where it is a number from 1 to 10,000, else those of the
// terminal `fd`; 0: not a terminal.
size_t TerminalWidth(int fd, std::string_view setting);

}  // namespace candor::cli
