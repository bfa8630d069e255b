// SPDX-License-Identifier: Apache-2.0
//
// Facts about the host that decide whether probes work, readable without privileges. host_checks.h interprets
// them.
#pragma once

#include <optional>
#include <string>

namespace candor::cli {

struct HostFacts {
  std::optional<std::string> mounts;            // /proc/mounts; nullopt: not readable
  std::optional<std::string> process_status;    // /proc/self/status, of candorctl itself
  std::optional<std::string> unprivileged_bpf;  // /proc/sys/kernel/unprivileged_bpf_disabled
  std::optional<std::string> cgroup_namespace;  // /proc/self/ns/cgroup, a link: "cgroup:[4026531835]"
  bool btf = false;                             // /sys/kernel/btf/vmlinux is there
};

// `root` ends with a slash; "/" outside of tests.
HostFacts ReadHostFacts(const std::string& root);

}  // namespace candor::cli
