// SPDX-License-Identifier: Apache-2.0
#include "daemon/privileges/credentials.h"

#include <fmt/format.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace candor::daemon {
namespace {

using Halves = std::array<__user_cap_data_struct, 2>;  // capability numbers below and above 32

constexpr std::pair<int, const char*> kNamed[] = {{CAP_NET_ADMIN, "CAP_NET_ADMIN"},
                                                  {CAP_NET_RAW, "CAP_NET_RAW"},
                                                  {CAP_SYS_ADMIN, "CAP_SYS_ADMIN"},
                                                  {CAP_PERFMON, "CAP_PERFMON"},
                                                  {CAP_BPF, "CAP_BPF"}};

// glibc has no wrapper; version 3 takes two halves.
bool Get(Halves* data) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  return ::syscall(SYS_capget, &header, data->data()) == 0;
}
bool Set(const Halves& data) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  return ::syscall(SYS_capset, &header, data.data()) == 0;
}

Result<const passwd*> Find(const std::string& name) {
  errno = 0;
  const passwd* user = ::getpwnam(name.c_str());  // one thread
  if (user != nullptr) return user;
  return errno != 0 ? FailErrno("cannot look up the user " + name, errno) : Fail("there is no user " + name);
}

}  // namespace

CapabilitySet PermittedCapabilities() {
  Halves data{};
  if (!Get(&data)) return 0;
  return data[0].permitted | CapabilitySet{data[1].permitted} << 32;
}

Result<void> LimitCapabilities(CapabilitySet kept) {
  kept &= PermittedCapabilities();
  // Ambient ones would come back with a program that is started; they end with their inheritance.
  Halves data{};
  data[0].permitted = data[0].effective = static_cast<uint32_t>(kept);
  data[1].permitted = data[1].effective = static_cast<uint32_t>(kept >> 32);
  if (!Set(data)) return FailErrno("cannot give capabilities up", errno);
  return {};
}

std::string CapabilityNames(CapabilitySet set) {
  std::string out;
  for (const auto& [number, name] : kNamed) {
    if ((set & SetOf(number)) != 0) out += (out.empty() ? "" : ", ") + std::string(name);
  }
  return out.empty() ? "none" : out;
}

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

Result<void> ForbidNewPrivileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return FailErrno("cannot set no_new_privs", errno);
  for (int c = 0; ::prctl(PR_CAPBSET_READ, c) >= 0; ++c) {
    if (::prctl(PR_CAPBSET_DROP, c) != 0) break;  // without CAP_SETPCAP; no_new_privs says the same
  }
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
