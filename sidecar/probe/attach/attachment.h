// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace candor {

// The two bpf_links on one cgroup. The kernel detaches when the last descriptor and the last pin are gone.
// One thread.
class Attachment {
 public:
  // An error carries the errno of the step that failed: ENOENT for a missing directory, EPERM ...
  static Result<Attachment> Make(int ingress_prog, int egress_prog, const std::string& cgroup);
  // The links that an earlier process pinned in `folder`; an error when one is missing. They may hold a
  // cgroup that is gone: ask IsAttached().
  static Result<Attachment> Pinned(const std::string& folder, const std::string& cgroup);

  // Replaces the links pinned in `folder` by these.
  Result<void> Pin(const std::string& folder) const;
  // Puts other programs in, without a packet that meets none.
  Result<void> Update(int ingress_prog, int egress_prog) const;
  // False once the cgroup was removed, another one was made under its name, or a link was detached.
  bool IsAttached() const;

 private:
  UniqueFd ingress_, egress_;
  std::string cgroup_;
};

// Whether the links pinned in `folder` are there and neither holds a cgroup any more.
bool PinnedLinksDetached(const std::string& folder);

// A program of somebody else on a cgroup hook.
struct ForeignProgram {
  std::string cgroup;
  std::string hook;  // "ingress" or "egress"
  uint32_t id = 0;
  std::string name;    // empty when the kernel would not tell
  uint32_t flags = 0;  // BPF_F_ALLOW_OVERRIDE, BPF_F_ALLOW_MULTI; 0 is exclusive
};

// Programs that keep a new one from `cgroup`: without BPF_F_ALLOW_MULTI on it, or exclusive on one of its
// parents up to `mount`. Names need CAP_SYS_ADMIN; without it they are empty.
std::vector<ForeignProgram> ExclusivePrograms(const std::string& mount, const std::string& cgroup);

}  // namespace candor
