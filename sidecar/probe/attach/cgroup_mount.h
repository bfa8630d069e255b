// SPDX-License-Identifier: Apache-2.0
//
// Where the cgroup v2 tree is. On a hybrid host (v1 controllers beside an empty v2 tree) it sits at
// /sys/fs/cgroup/unified or elsewhere: only mountinfo tells. Sockets belong to the v2 tree in both layouts.
// Source: proc(5) "/proc/[pid]/mountinfo". Pure but for ReadCgroupMount().
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace candor {

// The mount point of the cgroup2 file system named by a mountinfo text, octal escapes undone. When there are
// several, the one that shows the whole tree (root "/") comes first. An error when there is none.
Result<std::string> FindCgroup2Mount(std::string_view mountinfo);

// The directory that `configured` means: "auto" or "" is the mount itself, an absolute path is itself,
// anything else is below the mount. No trailing slash.
std::string ResolveCgroup(const std::string& mount, std::string_view configured);

// FindCgroup2Mount() of <proc>/self/mountinfo.
Result<std::string> ReadCgroupMount(const std::string& proc);

}  // namespace candor
