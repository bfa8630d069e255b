// SPDX-License-Identifier: Apache-2.0
#include "probe/sockets/cgroup_tasks.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/read_file.h"

namespace candor {
namespace {

void Take(std::string_view text, size_t most, CgroupTasks* out) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    pid_t pid = 0;
    const auto [rest, ec] = std::from_chars(text.data(), text.data() + end, pid);
    const bool number = ec == std::errc() && rest == text.data() + end;
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!number) continue;
    if (pid <= 0) {
      ++out->foreign;
    } else if (out->pids.size() < most) {
      out->pids.push_back(pid);
    } else {
      out->cut = true;
    }
  }
}

// A threaded cgroup has threads and no processes of its own.
Result<std::string> ReadMembers(const std::string& cgroup) {
  auto procs = ReadFile(cgroup + "/cgroup.procs");
  return procs ? procs : ReadFile(cgroup + "/cgroup.threads");
}

}  // namespace

Result<CgroupTasks> ReadCgroupTasks(const std::string& path, size_t most) {
  namespace fs = std::filesystem;
  CgroupTasks out;
  const auto own = ReadMembers(path);
  if (!own) return tl::make_unexpected(own.error());
  Take(*own, most, &out);
  std::error_code none;
  fs::recursive_directory_iterator it(path, fs::directory_options::skip_permission_denied, none), end;
  for (; !none && it != end && !out.cut; it.increment(none)) {
    std::error_code gone;
    if (!it->is_directory(gone) || it->is_symlink(gone)) continue;
    if (const auto members = ReadMembers(it->path())) Take(*members, most, &out);
  }
  std::sort(out.pids.begin(), out.pids.end());
  out.pids.erase(std::unique(out.pids.begin(), out.pids.end()), out.pids.end());
  return out;
}

}  // namespace candor
