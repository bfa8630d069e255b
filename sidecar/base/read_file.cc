// SPDX-License-Identifier: Apache-2.0
#include "base/read_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/unique_fd.h"

namespace candor {

Result<std::string> ReadFile(const std::string& path, size_t largest) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return FailErrno("cannot read " + path, errno);
  return ReadFile(fd.get(), path, largest);
}

Result<std::string> ReadFile(int fd, const std::string& path, size_t largest) {
  std::string bytes;
  std::array<char, 16384> chunk{};
  for (;;) {
    const ssize_t n = ::read(fd, chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FailErrno("cannot read " + path, errno);
    if (n == 0) return bytes;
    bytes.append(chunk.data(), static_cast<size_t>(n));
    if (bytes.size() > largest) {
      return tl::make_unexpected(Error{fmt::format("{} is larger than {} MiB", path, largest >> 20), EFBIG});
    }
  }
}

Result<std::optional<std::string>> ReadFileIfThere(const std::string& path, size_t largest) {
  auto bytes = ReadFile(path, largest);
  if (bytes) return std::optional(std::move(*bytes));
  if (bytes.error().code == ENOENT) return std::nullopt;
  return tl::make_unexpected(bytes.error());
}

}  // namespace candor
