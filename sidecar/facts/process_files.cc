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
// All processes of a cgroup together are no helpers.
constexpr Duration kAllStay = std::chrono::seconds(5);

// Since Linux 6.2 the size of /proc/PID/fd is the number of open descriptors (proc_fd_getattr), for any user;
// before that it is 0, and the folder can be read only with the right to trace the process.
std::optional<uint64_t> OpenDescriptors(const std::string& folder, bool count) {
  struct stat about {};
  if (::stat(folder.c_str(), &about) != 0) return std::nullopt;
  if (about.st_size > 0) return static_cast<uint64_t>(about.st_size);
  if (!count) return std::nullopt;
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

Fact<ProcessFacts> ProcessFiles::Read(const std::vector<int>& pids, bool cut, const Moment& moment) {
  ProcessFacts out;
  out.cut = cut;
  std::set<int> waiting;
  Running running;
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
    if (!moment.threads && stat->state != 'T' && stat->state != 't') continue;
    const States states = ReadThreads(pid, &budget, &waiting);
    if (states.threads > 0 && states.stopped == states.threads) out.stopped.push_back(name);
    if (states.blocked) out.blocked.push_back(name);
  }
  if (moment.threads) waiting_ = std::move(waiting);
  if (out.processes == 0 && hidden > 0)
    return Fact<ProcessFacts>::Unknown("candord may not read " + proc_ + "/PID/stat");
  if (out.processes > 0) {
    out.age = moment.since_boot - SinceBoot(youngest);
    out.age = std::max(out.age, Duration::zero());
  }
  // Of another PID namespace cgroup.procs shows no process (0), and a socket stays in the cgroup it was made
  // in.
  if (out.processes == 0 && out.zombies == 0 && !seen_)
    return Fact<ProcessFacts>::Unknown(
        "no process was ever seen in the cgroup of the media server's sockets: its processes are in another "
        "PID "
        "namespace (hostPID or --pid=host shows them), or have moved to another cgroup");
  seen_ = true;
  if (out.processes > 0) gone_since_ = Time{};
  if (out.processes == 0 && gone_since_ == Time{}) gone_since_ = moment.now;
  if (out.processes == 0) out.gone = moment.now - gone_since_;
  if (!cut) CountRestarts(running, moment, &out);  // of a part of them it cannot be told
  return out;
}

// Whether none of those that ran before is among `running`, and the oldest of them was `stays` old when it
// was last seen.
bool ProcessFiles::Replaces(Known* k, std::set<Identity> running, Duration stays,
                            const Moment& moment) const {
  uint64_t oldest = UINT64_MAX;
  bool other = !k->running.empty();
  for (const Identity& id : k->running) {
    oldest = std::min(oldest, id.second);
    other = other && !running.contains(id);
  }
  const bool stayed = other && k->seen - SinceBoot(oldest) >= stays;
  k->running = std::move(running);
  k->seen = moment.since_boot;
  return stayed;
}

Duration ProcessFiles::SinceBoot(uint64_t ticks) const {
  const double seconds = static_cast<double>(ticks) / static_cast<double>(ticks_per_second_);
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

// In a loop each one counts, however short it lived.
void ProcessFiles::CountRestarts(const Running& running, const Moment& moment, ProcessFacts* out) {
  std::set<Identity> all;
  for (const auto& [name, ids] : running) {
    all.insert(ids.begin(), ids.end());
    if (known_.size() >= kMostNames && !known_.contains(name)) continue;
    const Duration stays = restarts_.empty() ? kStays : Duration::zero();
    if (Replaces(&known_[name], ids, stays, moment)) restarts_.push_back(moment.now);
  }
  const Duration stays = replaced_.empty() ? kAllStay : Duration::zero();
  if (!all.empty() && Replaces(&all_, std::move(all), stays, moment)) replaced_.push_back(moment.now);
  for (auto* const times : {&restarts_, &replaced_}) {
    while (!times->empty() && times->front() < moment.now - kRestartMemory) times->pop_front();
  }
  out->restarts = static_cast<uint32_t>(restarts_.size());
  out->replaced = static_cast<uint32_t>(replaced_.size());
  for (const auto* const times : {&restarts_, &replaced_}) {
    if (!times->empty()) out->restarts_within = std::max(out->restarts_within, moment.now - times->front());
  }
}

Fact<Descriptors> ProcessFiles::ReadDescriptors(const std::vector<int>& pids, bool count) const {
  std::optional<Descriptors> nearest;
  for (const int pid : pids) {
    const auto limits = ReadFile(fmt::format("{}/{}/limits", proc_, pid));
    const uint64_t limit = limits ? ParseOpenFilesLimit(*limits).value_or(0) : 0;
    const auto used = OpenDescriptors(fmt::format("{}/{}/fd", proc_, pid), count);
    const auto text = ReadFile(fmt::format("{}/{}/stat", proc_, pid));
    const auto stat = text ? ParseProcStat(*text) : std::nullopt;
    if (limit == 0 || !used || !stat) continue;
    const Descriptors d{{pid, stat->name}, *used, limit};
    if (!nearest || Share(d) > Share(*nearest)) nearest = d;
  }
  if (nearest) return *nearest;
  if (pids.empty()) return Fact<Descriptors>::Unknown("no process is there");
  if (!count) return Fact<Descriptors>::Unknown("Linux before 6.2 does not tell how many are open");
  return Fact<Descriptors>::Unknown(
      "Linux before 6.2 shows the number of open descriptors only to the process's own user");
}

}  // namespace candor
