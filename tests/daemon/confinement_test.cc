// SPDX-License-Identifier: Apache-2.0
//
// What candord gives up, tried in children of the test: none of it can be taken back.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "daemon/privileges/credentials.h"
#include "daemon/privileges/syscall_filter.h"
#include "probe/sockets/socket_reader.h"

namespace candor::daemon {
namespace {

// Runs `body` in a child; its answer is the child's exit code.
int InChild(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

long Bpf(int command) {
  bpf_attr attr{};
  return syscall(SYS_bpf, command, &attr, sizeof attr);
}

// 0, or which of the forbidden things was not refused with EPERM.
int TryWhatIsForbidden() {
  const std::function<long()> forbidden[] = {
      [] { return syscall(SYS_execve, "/bin/true", nullptr, nullptr); },
      [] { return long{::mount("none", "/tmp", "tmpfs", 0, nullptr)}; },
      [] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); },
      [] { return syscall(SYS_unshare, 0); },
      [] { return syscall(SYS_setuid, 0); },
      [] { return syscall(SYS_init_module, nullptr, 0, ""); },
      [] { return syscall(SYS_perf_event_open, nullptr, 0, 0, 0, 0); },
      [] { return Bpf(BPF_PROG_LOAD); },
      [] { return Bpf(BPF_MAP_CREATE); },
      [] { return Bpf(BPF_LINK_CREATE); },
      [] { return Bpf(BPF_PROG_GET_FD_BY_ID); }};
  int number = 0;
  for (const auto& attempt : forbidden) {
    ++number;
    if (attempt() != -1 || errno != EPERM) return number;
  }
  return 0;
}

TEST(Confinement, WhatIsForbiddenIsRefused) {
  EXPECT_EQ(InChild([] { return FilterSyscalls({}) ? TryWhatIsForbidden() : 100; }), 0);
}

TEST(Confinement, AThreadOfAFilteredOneIsFilteredToo) {
  EXPECT_EQ(InChild([] {
              if (!FilterSyscalls({})) return 100;
              int found = -1;
              std::thread([&] { found = TryWhatIsForbidden(); }).join();
              return found;
            }),
            0);
}

TEST(Confinement, WhatCandordNeedsIsAllowed) {
  EXPECT_EQ(InChild([] {
              if (!FilterSyscalls({})) return 100;
              // Refused for their arguments, not by the filter.
              for (const int command :
                   {BPF_MAP_LOOKUP_ELEM, BPF_MAP_DELETE_ELEM, BPF_OBJ_GET_INFO_BY_FD, BPF_MAP_LOOKUP_BATCH}) {
                if (Bpf(command) != -1 || errno == EPERM) return command;
              }
              if (::socket(AF_INET, SOCK_STREAM, 0) < 0) return 101;
              return ::open("/proc/self/status", O_RDONLY) < 0 ? 102 : 0;
            }),
            0);
}

// Of this process, in a cgroup that is a folder with its number.
TEST(Confinement, SocketEvidenceIsReadUnderTheFilterAndWithoutCapabilities) {
  const std::string cgroup = testing::TempDir() + "candor-confined-" + std::to_string(::getpid());
  std::filesystem::create_directory(cgroup);
  std::ofstream(cgroup + "/cgroup.procs") << ::getpid() << "\n";
  EXPECT_EQ(InChild([&] {
              if (!LimitCapabilities(0) || !FilterSyscalls({})) return 100;
              SocketReader reader("/proc", &MonotonicNow);
              reader.Read(cgroup);
              reader.Read(cgroup);
              return reader.evidence().unavailable.empty() && reader.evidence().namespaces == 1 ? 0 : 1;
            }),
            0);
  std::filesystem::remove_all(cgroup);
}

TEST(Confinement, OnlyTheThreadThatAttachesMayAttach) {
  EXPECT_EQ(InChild([] {
              if (!FilterSyscalls({.attach = true, .run_programs = false})) return 100;
              if (Bpf(BPF_LINK_CREATE) != -1 || errno == EPERM) return 1;
              return Bpf(BPF_PROG_LOAD) == -1 && errno == EPERM ? 0 : 2;
            }),
            0);
}

TEST(Confinement, AHookMayBeRunWhereOneIsConfigured) {
  EXPECT_EQ(InChild([] {
              if (!FilterSyscalls({.attach = false, .run_programs = true})) return 100;
              char name[] = "/bin/true";
              char* const argv[] = {name, nullptr};
              char* const none[] = {nullptr};
              ::execve(name, argv, none);
              return 1;
            }),
            0);
}

TEST(Confinement, OnlyTheCapabilitiesThatAreKeptAreLeft) {
  EXPECT_EQ(InChild([] {
              const CapabilitySet had = PermittedCapabilities();
              if (!LimitCapabilities(SetOf(CAP_NET_ADMIN))) return 100;
              if (PermittedCapabilities() != (had & SetOf(CAP_NET_ADMIN))) return 1;
              if (!LimitCapabilities(0) || PermittedCapabilities() != 0) return 2;
              return LimitCapabilities(SetOf(CAP_NET_ADMIN)) && PermittedCapabilities() != 0
                         ? 3
                         : 0;  // none comes back
            }),
            0);
}

TEST(Confinement, NothingIsGainedAnew) {
  EXPECT_EQ(InChild([] {
              if (!ForbidNewPrivileges()) return 100;
              return ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 1;
            }),
            0);
}

TEST(Confinement, AUserThatDoesNotExistIsAnErrorThatNamesIt) {
  const auto became = SwitchUser("no-such-user-here");
  ASSERT_FALSE(became);
  EXPECT_NE(became.error().message.find("no-such-user-here"), std::string::npos);
  EXPECT_TRUE(SwitchUser("")) << "nobody else to become";
}

TEST(Confinement, CapabilitiesHaveTheNamesThatPeopleKnow) {
  EXPECT_EQ(CapabilityNames(0), "none");
  EXPECT_EQ(CapabilityNames(SetOf(CAP_NET_RAW) | SetOf(CAP_BPF)), "CAP_NET_RAW, CAP_BPF");
}

}  // namespace
}  // namespace candor::daemon
