// SPDX-License-Identifier: Apache-2.0
//
// The processes in a cgroup and in the cgroups below it. Needs no right: any user can read cgroup.procs.
// Thread-safe.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace candor {

struct CgroupTasks {
  std::vector<pid_t> pids;  // ascending, each once
  size_t foreign = 0;       // processes of PID namespaces that are not visible here
  bool cut = false;         // more than `most` processes
};

// Reads at most `most` pids. An error when the cgroup itself cannot be read; a cgroup below it that is
// removed meanwhile is skipped.
Result<CgroupTasks> ReadCgroupTasks(const std::string& path, size_t most);

}  // namespace candor
