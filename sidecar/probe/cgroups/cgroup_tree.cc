// SPDX-License-Identifier: Apache-2.0
#include "probe/cgroups/cgroup_tree.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>

#include "base/read_file.h"

namespace candor {
namespace {

constexpr Duration kSearchAgain = std::chrono::seconds(1);

uint64_t InodeOf(const std::string& path) {
  struct stat s {};
  return ::stat(path.c_str(), &s) == 0 ? s.st_ino : 0;
}

}  // namespace

void CgroupTree::Search() {
  namespace fs = std::filesystem;
  const auto before = std::exchange(paths_, {});
  if (const uint64_t id = InodeOf(root_); id != 0) paths_.emplace(id, "/");
  std::error_code none;
  fs::recursive_directory_iterator it(root_, fs::directory_options::skip_permission_denied, none), end;
  for (; !none && it != end && paths_.size() < kMostFolders; it.increment(none)) {
    std::error_code gone;
    if (it->is_symlink(gone) || !it->is_directory(gone)) continue;
    const std::string& path = it->path().native();
    if (const uint64_t id = InodeOf(path); id != 0) paths_[id] = path.substr(root_.size());
  }
  // A search that was cut short proves nothing.
  const bool whole = !none && it == end;
  if (gone_.size() + before.size() > kMostFolders) gone_.clear();
  for (const auto& [id, path] : before) {
    if (whole && !paths_.contains(id)) gone_[id] = path;
  }
  for (const auto& [id, path] : paths_) gone_.erase(id);
}

CgroupInfo CgroupTree::Read(const std::string& path) const {
  CgroupInfo info;
  info.path = path;
  // Unreadable for a threaded cgroup, and once the cgroup is removed: its path names it all the same.
  const auto members = ReadFile(root_ + path + "/cgroup.procs");
  if (!members) {
    std::error_code error;
    info.removed = !std::filesystem::exists(root_ + path, error) && !error;
    return info;
  }
  std::istringstream pids(*members);
  for (std::string pid; std::getline(pids, pid);) {
    if (pid.empty() || pid == "0") continue;  // 0: of a PID namespace that is not visible here
    if (++info.processes > kMostProcesses) continue;
    auto program = ReadFile(proc_ + "/" + pid + "/comm");
    if (!program) continue;
    while (!program->empty() && program->back() == '\n') program->pop_back();
    if (info.programs.size() < kMostPrograms) info.programs.push_back(std::move(*program));
    std::sort(info.programs.begin(), info.programs.end());
    info.programs.erase(std::unique(info.programs.begin(), info.programs.end()), info.programs.end());
  }
  return info;
}

CgroupInfo CgroupTree::Find(uint64_t id, Time now) {
  auto it = paths_.find(id);
  if (it == paths_.end() && (searched_ == Time{} || now - searched_ >= kSearchAgain)) {
    searched_ = now;
    Search();
    it = paths_.find(id);
  }
  if (it != paths_.end()) return Read(it->second);
  CgroupInfo info;
  if (const auto gone = gone_.find(id); gone != gone_.end()) info.path = gone->second, info.removed = true;
  return info;
}

}  // namespace candor
