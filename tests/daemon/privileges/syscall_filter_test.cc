// SPDX-License-Identifier: Apache-2.0
#include "daemon/privileges/syscall_filter.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "daemon/privileges/capabilities.h"
#include "probe/sockets/socket_reader.h"
#include "tests/daemon/privileges/in_child.h"

namespace candor::daemon {
namespace {

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

TEST(SyscallFilter, WhatIsForbiddenIsRefused) {
  EXPECT_EQ(InChild([] { return FilterSyscalls({}) ? TryWhatIsForbidden() : 100; }), 0);
}

TEST(SyscallFilter, AThreadOfAFilteredOneIsFilteredToo) {
  EXPECT_EQ(InChild([] {
              if (!FilterSyscalls({})) return 100;
              int found = -1;
              std::thread([&] { found = TryWhatIsForbidden(); }).join();
              return found;
            }),
            0);
}

TEST(SyscallFilter, WhatCandordNeedsIsAllowed) {
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
TEST(SyscallFilter, SocketEvidenceIsReadUnderTheFilterAndWithoutCapabilities) {
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

TEST(SyscallFilter, OnlyTheThreadThatAttachesMayAttach) {
  EXPECT_EQ(InChild([] {
              if (!FilterSyscalls({.attach = true, .run_programs = false})) return 100;
              if (Bpf(BPF_LINK_CREATE) != -1 || errno == EPERM) return 1;
              return Bpf(BPF_PROG_LOAD) == -1 && errno == EPERM ? 0 : 2;
            }),
            0);
}

TEST(SyscallFilter, AHookMayBeRunWhereOneIsConfigured) {
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

}  // namespace
}  // namespace candor::daemon
