// SPDX-License-Identifier: Apache-2.0
//
// CPU time, memory, threads and descriptors of this process, from procfs(5). Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace candor::web {

struct ProcessCost {
  double cpu_seconds = 0;  // user and system
  uint64_t resident_bytes = 0;
  uint64_t virtual_bytes = 0;
  uint64_t threads = 0;
  uint64_t open_fds = 0;
  uint64_t max_fds = 0;  // the soft limit
};

// Of this process; nullopt where /proc is not mounted.
std::optional<ProcessCost> ReadProcessCost();

// Parses the text of /proc/PID/stat, in which the process's name may hold any byte. Does not set `open_fds`
// and `max_fds`. nullopt: malformed. Pure.
std::optional<ProcessCost> ParseStat(std::string_view stat, double ticks_per_second, uint64_t page_bytes);

}  // namespace candor::web
