// SPDX-License-Identifier: Apache-2.0
//
// Files of /proc/PID. Pure. Source: fs/proc/array.c and fs/proc/base.c of Linux 6.1 to 6.18.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candor {

// /proc/PID/stat, /proc/PID/task/TID/stat
struct ProcStat {
  std::string name;          // at most 15 bytes, any but NUL
  char state = '?';          // R, S, D, T, t, Z, X, I (proc_pid_stat(5))
  uint64_t start_ticks = 0;  // since boot, in clock ticks (sysconf(_SC_CLK_TCK))
  bool operator==(const ProcStat&) const = default;
};
std::optional<ProcStat> ParseProcStat(std::string_view text);

// The soft limit of "Max open files" in /proc/PID/limits; UINT64_MAX: unlimited.
std::optional<uint64_t> ParseOpenFilesLimit(std::string_view limits);

}  // namespace candor
