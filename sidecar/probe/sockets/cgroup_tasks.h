// SPDX-License-Identifier: Apache-2.0
//
// Which processes a cgroup holds, those of the cgroups below it included. Needs no right: cgroup.procs is
// readable by all.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace candor {

struct CgroupTasks {
  std::vector<pid_t> pids;  // ascending, each once
  size_t foreign = 0;       // processes of PID namespaces that cannot be seen from here
  bool cut = false;         // there are more than `most`
};

// `most`: read no further than this. An error when the cgroup itself cannot be read; one below it that
// vanishes meanwhile is none.
Result<CgroupTasks> ReadCgroupTasks(const std::string& path, size_t most);

}  // namespace candor
