// SPDX-License-Identifier: Apache-2.0
#include "facts/cgroup_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "base/read_file.h"
#include "facts/words.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFoldersBelow = 64;  // of one cgroup

uint64_t InodeOf(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 ? about.st_ino : 0;
}

bool IsFolder(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

// `visit(folder)` for each folder below `top`, at most `most`; it returns false to stop.
template <class Visit>
void ForEachFolder(const std::string& top, size_t most, const Visit& visit) {
  std::error_code none;
  fs::recursive_directory_iterator it(top, fs::directory_options::skip_permission_denied, none), end;
  for (size_t n = 0; !none && it != end && n < most; it.increment(none)) {
    std::error_code gone;
    if (!it->is_directory(gone) || it->is_symlink(gone)) continue;
    ++n;
    if (!visit(it->path().string())) return;
  }
}

void TakePids(std::string_view text, CgroupFiles::Members* out) {
  while (!text.empty()) {
    const auto pid = NumberOf(TakeLine(&text));
    if (!pid || *pid == 0) continue;  // 0: of a PID namespace that is not visible here
    if (out->pids.size() >= CgroupFiles::kMostProcesses) {
      out->cut = true;
      return;
    }
    out->pids.push_back(static_cast<int>(*pid));
  }
}

bool IsFrozen(const std::string& folder) {
  const auto events = ReadFile(folder + "/cgroup.events");
  return events && ValueOf(*events, "frozen") == 1u;
}

}  // namespace

const CgroupMounts& CgroupFiles::mounts() {
  if (!mounts_) {
    const auto text = ReadFile(proc_ + "/self/mountinfo");
    mounts_ = text ? ParseCgroupMounts(*text) : CgroupMounts{};
  }
  return *mounts_;
}

std::string CgroupFiles::Folder(const std::string& path) {
  const auto root = mounts().find("cgroup2");
  return root == mounts().end() ? "" : root->second + (path == "/" ? "" : path);
}

Result<std::string> CgroupFiles::PathOf(uint64_t id) {
  const std::string root = Folder("/");
  if (root.empty()) return Fail("no cgroup v2 tree is mounted here");
  if (InodeOf(root) == id) return std::string("/");
  const auto known = known_.find(id);
  // A restarted service has its old path and a new id: the processes there are the media server's.
  if (known != known_.end()) return known->second;
  std::string path;
  ForEachFolder(root, kMostFolders, [&](const std::string& folder) {
    if (InodeOf(folder) != id) return true;
    path = folder.substr(root.size());
    return false;
  });
  if (path.empty()) return Fail(fmt::format("the cgroup with the id {} is not in {}", id, root));
  if (known_.size() >= kMostFolders) known_.clear();
  known_.emplace(id, path);
  return path;
}

CgroupFiles::Members CgroupFiles::MembersOf(const std::string& path) {
  Members out;
  const auto take = [&](const std::string& folder) {
    auto text = ReadFile(folder + "/cgroup.procs");
    if (!text) text = ReadFile(folder + "/cgroup.threads");  // a threaded cgroup
    if (text) TakePids(*text, &out);
    return !out.cut;
  };
  const std::string top = Folder(path);
  if (take(top)) ForEachFolder(top, kFoldersBelow, take);
  std::sort(out.pids.begin(), out.pids.end());
  out.pids.erase(std::unique(out.pids.begin(), out.pids.end()), out.pids.end());
  return out;
}

std::string CgroupFiles::FolderV1(const char* controller, int pid) {
  const auto mount = mounts().find(controller);
  if (mount == mounts().end() || pid <= 0) return "";
  const auto text = ReadFile(fmt::format("{}/{}/cgroup", proc_, pid));
  if (!text) return "";
  const CgroupPaths paths = ParseCgroupPaths(*text);
  const auto path = paths.find(controller);
  return path == paths.end() || path->second == "/" ? "" : mount->second + path->second;
}

// "frozen" in cgroup.events holds for a cgroup below a frozen one too.
Fact<std::string> CgroupFiles::FrozenOf(const std::string& path, int pid) {
  if (const std::string v1 = FolderV1("freezer", pid); !v1.empty()) {
    const auto state = ReadFile(v1 + "/freezer.state");
    if (state && state->starts_with("FR")) return v1;  // FROZEN, FREEZING
  }
  const std::string top = Folder(path);
  if (!IsFolder(top)) return Fact<std::string>::Unknown("the cgroup " + path + " is gone");
  if (path == "/") return std::string();  // cannot be frozen
  if (IsFrozen(top)) return path;
  std::string found;
  ForEachFolder(top, kFoldersBelow, [&](const std::string& folder) {
    if (IsFrozen(folder)) found = folder.substr(Folder("/").size());
    return found.empty();
  });
  return found;
}

Fact<CpuStat> CgroupFiles::CpuOf(const std::string& path, int pid) {
  const std::string v1 = FolderV1("cpu", pid);
  for (const std::string& folder : {Folder(path), v1}) {
    if (folder.empty()) continue;
    const auto text = ReadFile(folder + "/cpu.stat");
    if (const auto stat = text ? ParseCpuStat(*text) : std::nullopt) return *stat;
  }
  return Fact<CpuStat>::Unknown("its cgroup has no CPU quota");
}

Fact<PressureTotals> CgroupFiles::PressureOf(const std::string& path, const char* what) {
  // The machine's own are in /proc.
  const std::string file = path == "/" ? fmt::format("{}/pressure/{}", proc_, what)
                                       : fmt::format("{}/{}.pressure", Folder(path), what);
  const auto text = ReadFile(file);
  if (const auto totals = text ? ParsePressure(*text) : std::nullopt) return *totals;
  return Fact<PressureTotals>::Unknown("the kernel keeps no " + file);
}

Fact<MemoryEvents> CgroupFiles::MemoryOf(const std::string& path, int pid) {
  MemoryEvents out;
  const std::string v1 = FolderV1("memory", pid);
  const auto events = ReadFile(Folder(path) + "/memory.events");
  const auto control = v1.empty() ? Fail("none") : ReadFile(v1 + "/memory.oom_control");
  if (!events && !control) return Fact<MemoryEvents>::Unknown("its cgroup has no memory controller");
  const std::string& text = events ? *events : *control;
  out.oom_kill = ValueOf(text, "oom_kill").value_or(0);
  out.oom = ValueOf(text, "oom").value_or(0);
  out.max = ValueOf(text, "max").value_or(0);
  return out;
}

}  // namespace candor
