// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace candor {

// The two bpf_links on one cgroup. The kernel detaches them when the last descriptor and the last pin are
// gone. Not thread-safe.
// Tested in tests/bpf/rights_test.cc and tests/survive.
class Attachment {
 public:
  // An error has the errno of the step that failed: ENOENT for a missing directory, EPERM for a missing
  // right.
  static Result<Attachment> Make(int ingress_prog, int egress_prog, const std::string& cgroup);
  // The links that an earlier process pinned in `folder`; an error when one is missing. Their cgroup may be
  // gone: see IsAttached().
  static Result<Attachment> Pinned(const std::string& folder, const std::string& cgroup);

  // Pins these links in `folder`; replaces those pinned there.
  Result<void> Pin(const std::string& folder) const;
  // Replaces the programs atomically: every packet meets one.
  Result<void> Update(int ingress_prog, int egress_prog) const;
  // False once the cgroup was removed or recreated under its name, or a link was detached.
  bool IsAttached() const;

 private:
  UniqueFd ingress_, egress_;
  std::string cgroup_;
};

// Whether both links pinned in `folder` exist and neither has a cgroup any more.
bool PinnedLinksDetached(const std::string& folder);

// Another owner's program on a cgroup hook.
struct ForeignProgram {
  std::string cgroup;
  std::string hook;  // "ingress" or "egress"
  uint32_t id = 0;
  std::string name;    // empty without the right to read it
  uint32_t flags = 0;  // BPF_F_ALLOW_OVERRIDE, BPF_F_ALLOW_MULTI; 0 is exclusive
};

// Programs that prevent attaching to `cgroup`: attached to it without BPF_F_ALLOW_MULTI, or exclusive on one
// of its parents up to `mount`. Names need CAP_SYS_ADMIN; without it they are empty.
std::vector<ForeignProgram> ExclusivePrograms(const std::string& mount, const std::string& cgroup);

}  // namespace candor
