// SPDX-License-Identifier: Apache-2.0
#include "probe/proc_file.h"

#include <fcntl.h>

#include <array>
#include <cerrno>

#include "base/unique_fd.h"

namespace candor {

Result<std::string> ReadProcFile(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return FailErrno("cannot open " + path, errno);
  std::string text;
  std::array<char, 4096> chunk{};
  while (true) {
    const ssize_t n = ::read(fd.get(), chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FailErrno("cannot read " + path, errno);
    if (n == 0) return text;
    text.append(chunk.data(), static_cast<size_t>(n));
  }
}

}  // namespace candor
