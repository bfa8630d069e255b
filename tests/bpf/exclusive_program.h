// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bpf/bpf.h>
#include <fcntl.h>

#include <array>
#include <string>

#include "base/unique_fd.h"

namespace candor {

// Another owner's exclusive program on egress of a cgroup, until destruction. `answer`: its return value, 1
// passes packets, 0 drops them.
class ExclusiveProgram {
 public:
  ExclusiveProgram(const std::string& cgroup, const char* name, int answer) {
    const std::array<bpf_insn, 2> code = {
        bpf_insn{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = answer},
        bpf_insn{.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}};
    program_.Reset(bpf_prog_load(BPF_PROG_TYPE_CGROUP_SKB, name, "GPL", code.data(), code.size(), nullptr));
    cgroup_.Reset(::open(cgroup.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    attached_ = bpf_prog_attach(program_.get(), cgroup_.get(), BPF_CGROUP_INET_EGRESS, 0) == 0;
  }
  ~ExclusiveProgram() { bpf_prog_detach2(program_.get(), cgroup_.get(), BPF_CGROUP_INET_EGRESS); }
  ExclusiveProgram(const ExclusiveProgram&) = delete;
  ExclusiveProgram& operator=(const ExclusiveProgram&) = delete;

  bool attached() const { return attached_; }

 private:
  UniqueFd program_, cgroup_;
  bool attached_ = false;
};

}  // namespace candor
