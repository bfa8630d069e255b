// SPDX-License-Identifier: Apache-2.0
//
// Whether this host lets BPF probes see, judged from texts of the kernel. Pure functions; the texts are as
// HostFacts has them, nullopt when they could not be read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands/finding.h"
#include "cli/commands/host_facts.h"

namespace candor::cli {

Finding CheckBtf(bool present);

// The cgroup hooks need cgroup v2, mounted alone (pure) or beside v1 (hybrid).
Finding CheckCgroup(const std::optional<std::string>& mounts);

// Links and maps are pinned there, so that counting survives a restart of candord.
Finding CheckBpffs(const std::optional<std::string>& mounts);

// What a candord started by the caller could load. Of no concern (always OK) while `candord_answers`.
Finding CheckCapabilities(const std::optional<std::string>& process_status, bool candord_answers);

Finding CheckUnprivilegedBpf(const std::optional<std::string>& sysctl);

std::vector<Finding> CheckHost(const HostFacts& facts, bool candord_answers);

// Mount points of file system `type` in the text of /proc/mounts, octal escapes decoded, in its order.
std::vector<std::string> MountsOf(std::string_view mounts, std::string_view type);

// The effective capabilities (CapEff, a bit for each capability); nullopt when the text has none.
std::optional<uint64_t> EffectiveCapabilities(std::string_view process_status);

}  // namespace candor::cli
