// SPDX-License-Identifier: Apache-2.0
//
// Reads a file, a pipe or a buffer from front to back, in reads of 1 MiB and bounded memory. It does not map
// the file: a mapped capture that is truncated meanwhile would end the process with SIGBUS. One thread.
// Tested by tests/replay/capture_file/capture_reader_test.cc.
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

  // True: `n` bytes are at data(). False: the file ends before (available() bytes are left) or cannot be read
  // (read_error() != 0). `n` is at most kMaxNeeded.
  bool Need(size_t n) { return available() >= n || Refill(n); }
  const uint8_t* data() const { return buffer_.data() + begin_; }
  size_t available() const { return end_ - begin_; }
  // Skips `n` of the available() bytes; data() is valid until the next Need().
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

  UniqueFd fd_;  // none: the buffer holds the whole content
  std::vector<uint8_t> buffer_;
  size_t begin_ = 0, end_ = 0;
  uint64_t offset_ = 0, size_ = 0;
  int read_error_ = 0;
};

}  // namespace candor
