// SPDX-License-Identifier: Apache-2.0
//
// Which cgroup an id is (bpf_skb_cgroup_id): the inode number of its folder in the cgroup v2 tree. Needs no
// right. Searching takes about 5 us for each folder; a search for an unknown id is made at most once a second
// and visits at most `kMostFolders`. One thread. Source: kernfs_node::id, which is the inode number on 64-bit
// kernels (fs/kernfs/dir.c). Tested in tests/probe/cgroups/cgroup_tree_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "base/time.h"
#include "flow/cgroup_info.h"

namespace candor {

class CgroupTree {
 public:
  static constexpr size_t kMostFolders = 8192;
  static constexpr size_t kMostProcesses = 512;  // whose names are read, of one cgroup
  static constexpr size_t kMostPrograms = 16;

  // `root`: the mount point of the tree, from which paths are counted; `proc`: that of procfs.
  CgroupTree(std::string root, std::string proc) : root_(std::move(root)), proc_(std::move(proc)) {}

  CgroupInfo Find(uint64_t id, Time now);

 private:
  void Search();
  CgroupInfo Read(const std::string& path) const;

  const std::string root_;
  const std::string proc_;
  std::unordered_map<uint64_t, std::string> paths_;  // as of the last search, below root_
  std::unordered_map<uint64_t, std::string>
      gone_;  // were there at a search, and at a later one were not; bounded
  Time searched_{};
};

}  // namespace candor
