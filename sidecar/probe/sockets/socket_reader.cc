// SPDX-License-Identifier: Apache-2.0
#include "probe/sockets/socket_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/counted.h"
#include "base/read_file.h"
#include "base/unique_fd.h"
#include "probe/sockets/cgroup_tasks.h"

namespace candor {
namespace {

constexpr size_t kPidsKept = 4;  // per namespace; the lowest pids, which mostly last longest
// A search takes some 6 us per process: limited to a thousandth of the time, or a hundredth without a
// namespace.
constexpr Duration kSearchEvery = std::chrono::seconds(10), kSearchSoon = std::chrono::seconds(1);
constexpr int kRare = 1000, kSoon = 100;

std::string SnmpOf(const std::string& proc, pid_t pid) { return fmt::format("{}/{}/net/snmp", proc, pid); }

// 0 when it cannot be read, or the process is in another namespace than that of `inode` by now.
uint32_t NamespaceInodeOf(const std::string& proc, pid_t pid, ino_t inode) {
  struct stat ns_inode {
  }, still{};
  if (::stat(fmt::format("{}/{}/net/stat", proc, pid).c_str(), &ns_inode) != 0) return 0;
  if (::stat(SnmpOf(proc, pid).c_str(), &still) != 0 || still.st_ino != inode) return 0;
  return static_cast<uint32_t>(ns_inode.st_ino);
}

// The text of a file of /proc and the inode of the file that was read.
Result<std::string> ReadWithInode(const std::string& path, ino_t* inode) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return FailErrno("cannot read " + path, errno);
  struct stat about {};
  if (::fstat(fd.get(), &about) == 0) *inode = about.st_ino;
  return ReadFile(fd.get(), path);
}

Result<UdpCounters> ReadUdp(const std::string& proc, pid_t pid, ino_t* inode) {
  const std::string path = SnmpOf(proc, pid);
  const auto snmp = ReadWithInode(path, inode);
  if (!snmp) return tl::make_unexpected(snmp.error());
  const auto snmp6 = ReadFile(path + "6");  // absent without IPv6
  auto counters = ParseUdpCounters(*snmp, snmp6.value_or(""));
  if (!counters) return Fail(fmt::format("{}: {}", path, counters.error().message));
  return counters;
}

bool RanBackwards(const UdpCounters& before, const UdpCounters& now) {
  return now.in < before.in || now.rcvbuf_errors < before.rcvbuf_errors ||
         now.mem_errors < before.mem_errors || now.out < before.out ||
         now.sndbuf_errors < before.sndbuf_errors || now.out_discards < before.out_discards;
}

}  // namespace

void SocketReader::Read(const std::string& cgroup) {
  const Time now = clock_();
  if (cgroup != cgroup_) namespaces_.clear(), cgroup_ = cgroup, next_search_ = now;
  const size_t known = namespaces_.size();
  std::erase_if(namespaces_, [this](Namespace& n) { return !Reread(&n); });
  if (now >= next_search_) {
    Search(cgroup);
  } else if (namespaces_.empty() && known > 0) {
    none_ = "the processes in " + cgroup + " have ended";
    next_search_ = std::min(next_search_, now + kSearchSoon);
  } else if (namespaces_.size() < known) {
    next_search_ = std::min(next_search_, now + kSearchSoon);
  }
  evidence_.namespaces = static_cast<uint32_t>(namespaces_.size());
  evidence_.unavailable = namespaces_.empty() ? none_ : "";
  if (!namespaces_.empty()) evidence_.counts.at = now;
}

bool SocketReader::Reread(Namespace* n) {
  while (!n->pids.empty()) {
    ino_t inode = 0;
    const auto now = ReadUdp(proc_, n->pids.front(), &inode);
    if (now && inode == n->inode) {
      Add(n->last, *now);
      n->last = *now;
      return true;
    }
    n->pids.erase(n->pids.begin());
  }
  return false;
}

void SocketReader::Add(const UdpCounters& before, const UdpCounters& now) {
  if (RanBackwards(before, now)) return;
  SocketCounts& c = evidence_.counts;
  c.received += now.in - before.in;
  c.dropped_full += now.rcvbuf_errors - before.rcvbuf_errors;
  c.dropped_memory += now.mem_errors - before.mem_errors;
  c.sent += now.out - before.out;
  const uint64_t full = now.sndbuf_errors - before.sndbuf_errors;
  const uint64_t discards = now.out_discards - before.out_discards;
  c.unsent_full += full;
  // A full device queue counts in both.
  c.unsent_refused += discards > full ? discards - full : 0;
}

void SocketReader::Search(const std::string& cgroup) {
  const Time begun = clock_();
  const auto tasks = ReadCgroupTasks(cgroup, kMostTasks);
  int error = 0;
  none_.clear();
  for (Namespace& n : namespaces_) n.pids.clear();
  for (const pid_t pid : tasks ? tasks->pids : std::vector<pid_t>{}) {
    struct stat about {};
    if (::stat(SnmpOf(proc_, pid).c_str(), &about) != 0) {
      error = errno;
      continue;
    }
    const auto same = [&](const Namespace& n) { return n.inode == about.st_ino; };
    const auto known = std::find_if(namespaces_.begin(), namespaces_.end(), same);
    if (known == namespaces_.end()) {
      ino_t inode = about.st_ino;
      const auto first = ReadUdp(proc_, pid, &inode);
      if (first) namespaces_.push_back({inode, NamespaceInodeOf(proc_, pid, inode), {pid}, *first});
      if (!first) none_ = first.error().message, error = first.error().code;
    } else if (known->pids.size() < kPidsKept) {
      known->pids.push_back(pid);
      if (known->ns_inode == 0) known->ns_inode = NamespaceInodeOf(proc_, pid, known->inode);
    }
  }
  std::erase_if(namespaces_, [](const Namespace& n) { return n.pids.empty(); });
  LimitNamespaces();
  tasks_cut_ = tasks && tasks->cut;
  foreign_ = tasks ? tasks->foreign : 0;
  if (namespaces_.empty()) none_ = tasks ? WhyNone(cgroup, *tasks, error) : tasks.error().message;
  const Duration took = clock_() - begun;
  next_search_ = begun + (namespaces_.empty() ? std::max<Duration>(kSearchSoon, took * kSoon)
                                              : std::max<Duration>(kSearchEvery, took * kRare));
}

std::string SocketReader::WhyNone(const std::string& cgroup, const CgroupTasks& tasks, int error) const {
  const std::string text = "/PID/net/snmp of the processes in " + cgroup;
  if (tasks.pids.empty() && tasks.foreign > 0) {
    return "the processes in " + cgroup +
           " are in another PID namespace; run candord in the host's (hostPID, --pid=host)";
  }
  if (tasks.pids.empty()) return "no process is in " + cgroup + " yet";
  if (error == ENOENT) {
    return proc_ + " hides the processes in " + cgroup +
           "; mount it without hidepid, or give candord the group that its gid option names";
  }
  if (error == EACCES || error == EPERM) {
    return "candord may not read " + proc_ + text + "; allow it in the security profile that it runs under";
  }
  return none_.empty() ? "cannot read " + proc_ + text : none_;
}

void SocketReader::LimitNamespaces() {
  unread_ = namespaces_.size() - std::min(namespaces_.size(), kMostNamespaces);
  if (unread_ == 0) return;
  std::stable_sort(namespaces_.begin(), namespaces_.end(), [](const Namespace& a, const Namespace& b) {
    return a.last.in + a.last.out > b.last.in + b.last.out;
  });
  namespaces_.resize(kMostNamespaces);
}

std::vector<uint32_t> SocketReader::NamespaceInodes() const {
  std::vector<uint32_t> namespaces;
  for (const Namespace& n : namespaces_) {
    if (n.ns_inode != 0) namespaces.push_back(n.ns_inode);
  }
  return namespaces;
}

bool SocketReader::ReadsOwnNamespace() const {
  struct stat own {};
  if (::stat((proc_ + "/self/net/snmp").c_str(), &own) != 0) return false;
  return std::any_of(namespaces_.begin(), namespaces_.end(),
                     [&](const Namespace& n) { return n.inode == own.st_ino; });
}

std::string SocketReader::Limits() const {
  if (tasks_cut_) {
    return fmt::format("socket evidence is of the first {} only: name the media server's cgroup",
                       Counted(kMostTasks, "process", "processes"));
  }
  if (foreign_ > 0 && !namespaces_.empty()) {
    return fmt::format(
        "socket evidence leaves out {} of other PID namespaces, unless they share a network "
        "namespace with one that is seen: hostPID, or --pid=host, shows them",
        Counted(foreign_, "process", "processes"));
  }
  if (unread_ == 0) return "";
  return fmt::format(
      "socket evidence is of the {} busiest network namespaces, {} not read: name the media "
      "server's cgroup",
      kMostNamespaces, Counted(unread_, "more is", "more are"));
}

}  // namespace candor
