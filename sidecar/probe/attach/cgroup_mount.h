// SPDX-License-Identifier: Apache-2.0
//
// The mount point of the cgroup v2 tree. On a hybrid host (v1 controllers and an empty v2 tree) it is
// /sys/fs/cgroup/unified or another path, found in mountinfo. Sockets belong to the v2 tree in both layouts.
// Source: proc(5) "/proc/[pid]/mountinfo". Thread-safe; pure except ReadCgroupMount().
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace candor {

// The mount point of the cgroup2 file system in a mountinfo text, octal escapes decoded. Of several, one with
// more of the tree is preferred: from above the reader's cgroup namespace (root "/.."), then from its root
// ("/"). An error without one.
Result<std::string> FindCgroup2Mount(std::string_view mountinfo);

// The directory of the option `cgroup`: "auto" or "" is `mount`, an absolute path is itself, other text is
// relative to `mount`. Without a trailing slash.
std::string ResolveCgroup(const std::string& mount, std::string_view configured);

// FindCgroup2Mount() of <proc>/self/mountinfo.
Result<std::string> ReadCgroupMount(const std::string& proc);

}  // namespace candor
