// SPDX-License-Identifier: Apache-2.0
//
// Failures of the kernel source as a stable code and a text with the remediation. Pure.
//
// Codes: loading, load_timeout, load_failed, no_btf, no_capability, bpf_forbidden, no_cgroup2,
// cgroup_missing, cgroup_removed, foreign_exclusive_program, attach_failed, catching_up, ring_overflow,
// kernel_forwarding, maps_unreadable; and those of wrong_cgroup.h.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "flow/flow_source.h"
#include "probe/attach/attachment.h"

namespace candor {

struct LoadFailure {
  int error = 0;                     // errno, positive
  std::vector<std::string> missing;  // capabilities the process lacks
  bool has_btf = true;               // the kernel has its own types, /sys/kernel/btf/vmlinux
  std::string log;                   // the last lines of libbpf and the verifier
};
Blindness BlindByLoad(const LoadFailure& failure);

struct AttachFailure {
  int error = 0;
  std::string cgroup;
  bool net_admin = true;                // the process has CAP_NET_ADMIN
  std::vector<ForeignProgram> foreign;  // programs that prevent attaching
};
Blindness BlindByAttach(const AttachFailure& failure);

Blindness BlindWhileLoading();
Blindness BlindWhileCatchingUp();
Blindness BlindByDeadline(Duration waited);
Blindness BlindWithoutCgroup2();
Blindness BlindByRemovedCgroup(const std::string& cgroup);
Blindness BlindByReading(const std::string& why);
Blindness BlindByOverflow(uint64_t lost);
Blindness BlindByForwarding(const std::vector<std::string>& tables);

}  // namespace candor
