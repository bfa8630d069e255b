// SPDX-License-Identifier: Apache-2.0
#include "facts/process_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "base/read_file.h"
#include "facts/parse_process.h"
#include "facts/words.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostNames = 64;
// A helper that is started for each call is replaced all the time; a media server stays.
constexpr Duration kStays = std::chrono::seconds(20);

// Since Linux 6.2 the size of /proc/PID/fd is the number of open descriptors (proc_fd_getattr), for any user;
// before that it is 0, and the folder can be read only with the right to trace the process.
std::optional<uint64_t> OpenDescriptors(const std::string& folder) {
  struct stat about {};
  if (::stat(folder.c_str(), &about) != 0) return std::nullopt;
  if (about.st_size > 0) return static_cast<uint64_t>(about.st_size);
  std::error_code none;
  uint64_t n = 0;
  for (fs::directory_iterator it(folder, none), end; !none && it != end; it.increment(none)) ++n;
  return none ? std::nullopt : std::optional(n);
}

double Share(const Descriptors& d) { return static_cast<double>(d.used) / static_cast<double>(d.limit); }

}  // namespace

ProcessFiles::States ProcessFiles::ReadThreads(int pid, size_t* budget, std::set<int>* waiting) {
  States out;
  std::error_code none;
  for (fs::directory_iterator it(fmt::format("{}/{}/task", proc_, pid), none), end;
       !none && it != end && *budget > 0; it.increment(none)) {
    --*budget;
    const auto text = ReadFile(it->path().string() + "/stat");
    const auto stat = text ? ParseProcStat(*text) : std::nullopt;
    if (!stat) continue;  // it has ended
    ++out.threads;
    out.stopped += stat->state == 'T' || stat->state == 't';
    const auto thread = NumberOf(it->path().filename().string());
    if (stat->state != 'D' || !thread) continue;
    const int tid = static_cast<int>(*thread);
    waiting->insert(tid);
    out.blocked = out.blocked || waiting_.contains(tid);
  }
  return out;
}

Fact<ProcessFacts> ProcessFiles::Read(const std::vector<int>& pids, bool cut, Time now, Duration since_boot) {
  ProcessFacts out;
  out.cut = cut;
  std::set<int> waiting;
  std::map<std::string, std::set<Identity>> running;
  size_t budget = kMostThreads, hidden = 0;
  uint64_t youngest = 0;
  for (const int pid : pids) {
    const auto text = ReadFile(fmt::format("{}/{}/stat", proc_, pid));
    hidden += !text && text.error().code != ESRCH && text.error().code != ENOENT;
    const auto stat = text ? ParseProcStat(*text) : std::nullopt;
    if (!stat || stat->state == 'X') continue;
    if (stat->state == 'Z') {
      ++out.zombies;
      continue;
    }
    ++out.processes;
    running[stat->name].insert({pid, stat->start_ticks});
    const ProcessName name{pid, stat->name};
    if (stat->start_ticks >= youngest) youngest = stat->start_ticks, out.youngest = name;
    const States states = ReadThreads(pid, &budget, &waiting);
    if (states.threads > 0 && states.stopped == states.threads) out.stopped.push_back(name);
    if (states.blocked) out.blocked.push_back(name);
  }
  waiting_ = std::move(waiting);
  if (out.processes == 0 && hidden > 0)
    return Fact<ProcessFacts>::Unknown("candord may not read " + proc_ + "/PID/stat");
  if (out.processes > 0) {
    const double start = static_cast<double>(youngest) / static_cast<double>(ticks_per_second_);
    out.age = since_boot - std::chrono::duration_cast<Duration>(std::chrono::duration<double>(start));
    out.age = std::max(out.age, Duration::zero());
  }
  CountRestarts(running, now, &out);
  return out;
}

// A restart: none of the processes of that name still runs, and others of that name do.
void ProcessFiles::CountRestarts(const std::map<std::string, std::set<Identity>>& running, Time now,
                                 ProcessFacts* out) {
  for (const auto& [name, ids] : running) {
    if (known_.size() >= kMostNames && !known_.contains(name)) continue;
    Known& k = known_[name];
    if (k.running.empty()) k.first = now;
    const bool replaced = !k.running.empty() && std::none_of(ids.begin(), ids.end(), [&](const Identity& id) {
      return k.running.contains(id);
    });
    const bool in_loop = !restarts_.empty();
    if (replaced && (now - k.first >= kStays || in_loop)) restarts_.emplace_back(now, 1);
    if (replaced && !in_loop && now - k.first < kStays) k.first = now;
    k.running = ids;
  }
  while (!restarts_.empty() && restarts_.front().first < now - kRestartMemory) restarts_.pop_front();
  for (const auto& [at, n] : restarts_) out->restarts += n;
  if (!restarts_.empty()) out->restarts_within = now - restarts_.front().first;
}

Fact<Descriptors> ProcessFiles::ReadDescriptors(const std::vector<int>& pids) const {
  std::optional<Descriptors> nearest;
  for (const int pid : pids) {
    const auto limits = ReadFile(fmt::format("{}/{}/limits", proc_, pid));
    const uint64_t limit = limits ? ParseOpenFilesLimit(*limits).value_or(0) : 0;
    const auto used = OpenDescriptors(fmt::format("{}/{}/fd", proc_, pid));
    const auto text = ReadFile(fmt::format("{}/{}/stat", proc_, pid));
    const auto stat = text ? ParseProcStat(*text) : std::nullopt;
    if (limit == 0 || !used || !stat) continue;
    const Descriptors d{{pid, stat->name}, *used, limit};
    if (!nearest || Share(d) > Share(*nearest)) nearest = d;
  }
  if (nearest) return *nearest;
  if (pids.empty()) return Fact<Descriptors>::Unknown("no process is there");
  return Fact<Descriptors>::Unknown(
      "Linux before 6.2 shows the number of open descriptors only to the process's own user");
}

}  // namespace candor
