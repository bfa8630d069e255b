// SPDX-License-Identifier: Apache-2.0
//
// Checks whether BPF probes can work on this host, from the texts of HostFacts (nullopt: not readable). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands/finding.h"
#include "cli/commands/host_facts.h"

namespace candor::cli {

Finding CheckBtf(bool present);

// The cgroup hooks need cgroup v2, mounted alone (pure) or beside v1 (hybrid). In a cgroup namespace other
// than the first, which `name_space` names, the mount may show the container's own cgroup only.
Finding CheckCgroup(const std::optional<std::string>& mounts, const std::optional<std::string>& name_space);

// Links and maps are pinned there to survive a restart of candord.
Finding CheckBpffs(const std::optional<std::string>& mounts);

// What a candord started by the caller could load; always kOk while `candord_answers`.
Finding CheckCapabilities(const std::optional<std::string>& process_status, bool candord_answers);

Finding CheckUnprivilegedBpf(const std::optional<std::string>& sysctl);

std::vector<Finding> CheckHost(const HostFacts& facts, bool candord_answers);

// Mount points of file system `type` in the text of /proc/mounts, octal escapes decoded, in its order.
std::vector<std::string> MountsOf(std::string_view mounts, std::string_view type);

// CapEff, a bit for each capability (capabilities(7)); nullopt when the text has none.
std::optional<uint64_t> EffectiveCapabilities(std::string_view process_status);

}  // namespace candor::cli
