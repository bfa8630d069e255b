// SPDX-License-Identifier: Apache-2.0
#include "daemon/privileges/user.h"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace candor::daemon {
namespace {

Result<const passwd*> Find(const std::string& name) {
  errno = 0;
  const passwd* user = ::getpwnam(name.c_str());  // not thread-safe: there is one thread
  if (user != nullptr) return user;
  return errno != 0 ? FailErrno("cannot look up the user " + name, errno) : Fail("there is no user " + name);
}

}  // namespace

Result<void> SwitchUser(const std::string& name) {
  if (name.empty()) return {};
  const auto user = Find(name);
  if (!user) return tl::make_unexpected(user.error());
  const passwd& to = **user;
  if (to.pw_uid == ::geteuid() && to.pw_gid == ::getegid()) return {};
  const bool done = ::prctl(PR_SET_KEEPCAPS, 1) == 0 && ::initgroups(name.c_str(), to.pw_gid) == 0 &&
                    ::setresgid(to.pw_gid, to.pw_gid, to.pw_gid) == 0 &&
                    ::setresuid(to.pw_uid, to.pw_uid, to.pw_uid) == 0;
  if (!done) return FailErrno("cannot become the user " + name, errno);
  return {};
}

Result<void> ChownFolder(const std::string& folder, const std::string& user) {
  const auto to = Find(user);
  if (!to) return tl::make_unexpected(to.error());
  if (::chown(folder.c_str(), (*to)->pw_uid, (*to)->pw_gid) != 0 && errno != ENOENT) {
    return FailErrno("cannot give " + folder + " to " + user, errno);
  }
  return {};
}

Result<void> ChownTree(const std::string& folder, const std::string& user) {
  struct stat before {};
  if (::stat(folder.c_str(), &before) != 0) return FailErrno("cannot look at " + folder, errno);
  if (auto ok = ChownFolder(folder, user); !ok || before.st_uid != 0) return ok;
  const auto to = Find(user);
  if (!to) return tl::make_unexpected(to.error());
  std::error_code error;
  namespace fs = std::filesystem;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (::lchown(it->path().c_str(), (*to)->pw_uid, (*to)->pw_gid) != 0) {
      return FailErrno("cannot give " + it->path().string() + " to " + user, errno);
    }
  }
  if (error) return FailErrno("cannot list " + folder, error.value());
  return {};
}

}  // namespace candor::daemon
