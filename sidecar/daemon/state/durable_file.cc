// SPDX-License-Identifier: Apache-2.0
#include "daemon/state/durable_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace candor::daemon {
namespace {

Result<void> WriteAll(int fd, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FailErrno("cannot write " + path, errno);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  if (::fsync(fd) != 0) return FailErrno("cannot write " + path, errno);
  return {};
}

}  // namespace

Result<void> WriteAtomically(const std::string& path, std::string_view bytes) {
  const std::string beside = path + ".new";
  ::unlink(beside.c_str());  // left by a process that was killed while it wrote
  {
    const UniqueFd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd) return FailErrno("cannot write " + beside, errno);
    if (auto ok = WriteAll(fd.get(), beside, bytes); !ok) {
      ::unlink(beside.c_str());
      return ok;
    }
  }
  if (std::rename(beside.c_str(), path.c_str()) != 0) {
    const int why = errno;
    ::unlink(beside.c_str());
    return FailErrno("cannot replace " + path, why);
  }
  const size_t slash = path.rfind('/');
  return SyncFolder(slash == std::string::npos ? "." : path.substr(0, slash + 1));
}

Result<void> SyncFolder(const std::string& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return FailErrno("cannot open the folder " + folder + " to sync it", errno);
  if (::fsync(fd.get()) == 0 || errno == EINVAL || errno == ENOTSUP) return {};
  return FailErrno("cannot sync the folder " + folder, errno);
}

Result<UniqueFd> LockFile(const std::string& path) {
  const std::string lock = path + ".lock";
  UniqueFd fd(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return FailErrno("cannot write " + lock, errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno == EWOULDBLOCK) return tl::make_unexpected(Error{"another candord uses " + path, EWOULDBLOCK});
  return FailErrno("cannot lock " + lock, errno);
}

bool IsLockedByAnother(const Error& from_lock_file) { return from_lock_file.code == EWOULDBLOCK; }

}  // namespace candor::daemon
