// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "probe/blindness.h"

namespace candor {

// The two bpf_links on one cgroup. The kernel detaches when the last descriptor (or, once links are pinned,
// the last pin) goes. One thread.
class Attachment {
 public:
  // An error carries the errno of the step that failed: ENOENT for a missing directory, EPERM ...
  static Result<Attachment> Make(int ingress_prog, int egress_prog, const std::string& cgroup);

  // False once the cgroup was removed, or another one was made under its name.
  bool Holds() const;

 private:
  UniqueFd ingress_, egress_;
  std::string cgroup_;
  uint64_t id_ = 0;  // the kernel's number of the cgroup, which is its inode
};

// Programs that keep a new one from `cgroup`: without BPF_F_ALLOW_MULTI on it, or exclusive on one of its
// parents up to `mount`. Names need CAP_SYS_ADMIN; without it they are empty.
std::vector<ForeignProgram> ExclusivePrograms(const std::string& mount, const std::string& cgroup);

}  // namespace candor
