// SPDX-License-Identifier: Apache-2.0
//
// A file, a pipe or a piece of memory read front to back, in big reads and bounded memory. It reads and
// does not map: a mapped capture that is rotated away under the reader would end the process with SIGBUS.
// One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace candor {

class ByteStream {
 public:
  // "-" is standard input.
  static Result<ByteStream> Open(const std::string& path);
  // The whole content, for tests and fuzzing.
  static ByteStream FromMemory(std::vector<uint8_t> content);

  // True when `n` bytes stand at data(). False when the file ends before (available() says how much is
  // left) or could not be read (read_error() != 0). `n` must not exceed kMaxNeeded.
  bool Need(size_t n) { return available() >= n || Refill(n); }
  const uint8_t* data() const { return buffer_.data() + begin_; }
  size_t available() const { return end_ - begin_; }
  // Steps over bytes that Need() has shown; data() is valid until the next Need().
  void Skip(size_t n) {
    begin_ += n;
    offset_ += n;
  }

  uint64_t offset() const { return offset_; }     // of data(), in bytes from the start
  uint64_t size() const { return size_; }         // of the file in bytes; 0: not known (a pipe)
  int read_error() const { return read_error_; }  // errno of the read that failed; 0: none

  static constexpr size_t kMaxNeeded = size_t{16} << 20;

 private:
  ByteStream() = default;
  bool Refill(size_t n);

  UniqueFd fd_;  // none: all is in the buffer already
  std::vector<uint8_t> buffer_;
  size_t begin_ = 0, end_ = 0;
  uint64_t offset_ = 0, size_ = 0;
  int read_error_ = 0;
};

}  // namespace candor
