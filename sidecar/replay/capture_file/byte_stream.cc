// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_file/byte_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace candor {
namespace {

constexpr size_t kRead = size_t{1} << 20;

}  // namespace

Result<ByteStream> ByteStream::Open(const std::string& path) {
  ByteStream s;
  // A duplicate: closing the stream leaves standard input open.
  s.fd_.Reset(path == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                          : open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!s.fd_) return FailErrno("cannot open " + path, errno);
  struct stat st {};
  if (fstat(s.fd_.get(), &st) == 0) {
    if (S_ISDIR(st.st_mode)) return FailErrno("cannot read " + path, EISDIR);
    if (S_ISREG(st.st_mode)) s.size_ = static_cast<uint64_t>(st.st_size);
  }
  s.buffer_.resize(kRead);
  return s;
}

ByteStream ByteStream::FromMemory(std::vector<uint8_t> content) {
  ByteStream s;
  s.buffer_ = std::move(content);
  s.end_ = s.buffer_.size();
  s.size_ = s.end_;
  return s;
}

bool ByteStream::Refill(size_t n) {
  if (!fd_ || read_error_ != 0 || n > kMaxNeeded) return false;
  std::memmove(buffer_.data(), buffer_.data() + begin_, available());
  end_ = available();
  begin_ = 0;
  if (buffer_.size() < n) buffer_.resize(n + kRead);
  while (end_ < n) {
    const ssize_t got = read(fd_.get(), buffer_.data() + end_, buffer_.size() - end_);
    if (got > 0) {
      end_ += static_cast<size_t>(got);
    } else if (got == 0) {
      return false;
    } else if (errno != EINTR) {
      read_error_ = errno;
      return false;
    }
  }
  return true;
}

}  // namespace candor
