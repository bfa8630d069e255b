// SPDX-License-Identifier: Apache-2.0
#include "canary.h"

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace candor {
namespace {

// By the bare system call: libbpf would load programs of its own to learn what the kernel can.
int LoadSmallest() {
  const std::array<bpf_insn, 2> program = {
      bpf_insn{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 1},
      bpf_insn{.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}};
  const char license[] = "GPL";
  bpf_attr attr;
  std::memset(&attr, 0, sizeof attr);
  attr.prog_type = BPF_PROG_TYPE_CGROUP_SKB;
  attr.insns = reinterpret_cast<uintptr_t>(program.data());
  attr.insn_cnt = program.size();
  attr.license = reinterpret_cast<uintptr_t>(license);
  return ::syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr) >= 0 ? 0 : errno;
}

}  // namespace

std::string RunCanary() {
  const pid_t child = ::fork();
  if (child < 0) return std::string("cannot fork: ") + std::strerror(errno);
  if (child == 0) ::_exit(LoadSmallest());
  for (int i = 0; i < 500; ++i) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) {
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
      return WIFEXITED(status) ? std::string("the smallest BPF program does not load: ") +
                                     std::strerror(WEXITSTATUS(status))
                               : "the process that loads the smallest BPF program was killed";
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return "loading the smallest BPF program has not returned for 5 s: this kernel's BPF loader hangs, and "
         "only a reboot helps";
}

}  // namespace candor
