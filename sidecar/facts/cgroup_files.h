// SPDX-License-Identifier: Apache-2.0
//
// A cgroup found by its id, with its processes and the facts that its files tell. Reads files; one thread.
// Tested in tests/facts/facts_reader_test.cc.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "facts/local_facts.h"
#include "facts/parse_cgroup.h"

namespace candor {

class CgroupFiles {
 public:
  static constexpr size_t kMostFolders = 4096;  // searched for an id
  static constexpr size_t kMostProcesses = 64;

  explicit CgroupFiles(std::string proc) : proc_(std::move(proc)) {}

  // Where cgroups are mounted; reads it once.
  const CgroupMounts& mounts();
  // The path below the mount point of v2, "/" for the root; the id is the inode of its folder
  // (kernfs_get_path, cgroup_id). A cgroup that was removed and made again under its old path is found by it.
  Result<std::string> PathOf(uint64_t id);

  struct Members {
    std::vector<int> pids;  // ascending
    bool cut = false;       // more than kMostProcesses
  };
  // Of the cgroup and those below it.
  Members MembersOf(const std::string& path);
  // Of the cgroup, one above or one below it that is frozen; empty: none is. `pid`: a process in it, for v1.
  Fact<std::string> FrozenOf(const std::string& path, int pid);
  Fact<CpuStat> CpuOf(const std::string& path, int pid);
  Fact<PressureTotals> PressureOf(const std::string& path, const char* what);  // "cpu", "memory", "io"
  // oom_kill, oom and max since the cgroup was made.
  Fact<MemoryEvents> MemoryOf(const std::string& path, int pid);

 private:
  std::string Folder(const std::string& path);
  // The process's folder in a v1 hierarchy; empty: there is none.
  std::string FolderV1(const char* controller, int pid);

  const std::string proc_;
  std::optional<CgroupMounts> mounts_;
  std::map<uint64_t, std::string> known_;  // paths by id; at most kMostFolders
};

}  // namespace candor
