// SPDX-License-Identifier: Apache-2.0
//
// A cgroup (v2) whose sockets carry flows. Values only.
// Tested in tests/probe/cgroups/cgroup_tree_test.cc.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace candor {

struct CgroupInfo {
  std::string path;  // from the root of the cgroup tree: "/system.slice/janus.service"; empty: not known
  std::vector<std::string> programs;  // names (comm) of its own processes, each once, sorted; bounded
  size_t processes = 0;               // of its own, without those of cgroups below it
  bool removed = false;               // it does not exist any more; its path is of before
};

}  // namespace candor
