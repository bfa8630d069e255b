// SPDX-License-Identifier: Apache-2.0
//
// What any user may read about the host that decides whether probes can see, as text; host_checks.h judges.
#pragma once

#include <optional>
#include <string>

namespace candor::cli {

struct HostFacts {
  std::optional<std::string> mounts;            // /proc/mounts; nullopt: not readable
  std::optional<std::string> process_status;    // /proc/self/status, of candorctl itself
  std::optional<std::string> unprivileged_bpf;  // /proc/sys/kernel/unprivileged_bpf_disabled
  bool btf = false;                             // /sys/kernel/btf/vmlinux is there
};

// `root` is "/" outside of tests and ends with a slash.
HostFacts ReadHostFacts(const std::string& root);

}  // namespace candor::cli
