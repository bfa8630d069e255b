// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/watch_facts.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <filesystem>
#include <optional>

#include "probe/sockets/cgroup_tasks.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostCgroups = 4096, kMostSockets = 65536, kMostTasks = 1024;
// PROC_CGROUP_INIT_INO (include/linux/proc_ns.h): the inode of the first cgroup namespace.
constexpr const char* kFirstCgroupNamespace = "cgroup:[4026531835]";

std::optional<uint64_t> InodeOf(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return std::nullopt;
  return about.st_ino;
}

std::string LinkOf(const std::string& path) {
  std::error_code none;
  return fs::read_symlink(path, none).string();
}

// The cgroup and those below it; nullopt when there are more than are examined.
std::optional<std::vector<uint64_t>> CgroupsBelow(const std::string& cgroup) {
  std::vector<uint64_t> out;
  if (const auto own = InodeOf(cgroup)) out.push_back(*own);
  std::error_code none;
  fs::recursive_directory_iterator it(cgroup, fs::directory_options::skip_permission_denied, none), end;
  for (; !none && it != end; it.increment(none)) {
    std::error_code gone;
    if (!it->is_directory(gone) || it->is_symlink(gone)) continue;
    if (out.size() >= kMostCgroups) return std::nullopt;
    if (const auto inode = InodeOf(it->path())) out.push_back(*inode);
  }
  std::sort(out.begin(), out.end());
  return out;
}

// The socket of the media server's that a process has open. Needs the right to trace that process.
void ProveByDescriptor(const std::vector<UdpSocket>& outside, const WatchedPlace& place,
                       const std::vector<pid_t>& pids, WatchFacts* facts) {
  for (const pid_t pid : pids) {
    std::error_code none;
    fs::directory_iterator it(fmt::format("{}/{}/fd", place.proc, pid), none), end;
    for (; !none && it != end; it.increment(none)) {
      const std::string target = LinkOf(it->path());
      uint32_t inode = 0;
      if (!target.starts_with("socket:[")) continue;
      std::from_chars(target.data() + 8, target.data() + target.size(), inode);
      for (const UdpSocket& s : outside) {
        if (s.inode != inode) continue;
        facts->proven_port = s.port;
        facts->proof = fmt::format("process {} in the cgroup has it open", pid);
        return;
      }
    }
  }
}

void Prove(const std::vector<UdpSocket>& outside, const WatchedPlace& place, const std::vector<pid_t>& pids,
           WatchFacts* facts) {
  ProveByDescriptor(outside, place, pids, facts);
  const auto prove = [&](const UdpSocket& s, std::string proof) {
    facts->proven_port = s.port;
    facts->proof = std::move(proof);
  };
  std::vector<uint32_t> users;  // root and nobody have sockets of several services
  for (const pid_t pid : pids) {
    struct stat about {};
    if (::stat(fmt::format("{}/{}", place.proc, pid).c_str(), &about) != 0) continue;
    if (about.st_uid != 0 && about.st_uid != 65534) users.push_back(about.st_uid);
  }
  // systemd makes the sockets of its .socket units as process 1, which is in init.scope.
  const auto first = place.mount.empty() ? std::nullopt : InodeOf(place.mount + "/init.scope");
  for (const UdpSocket& s : outside) {
    if (facts->proven_port != 0) return;
    if (!facts->all_ports && s.port >= place.port_min && s.port <= place.port_max) {
      prove(s, "it is within the configured ports");
    } else if (std::find(users.begin(), users.end(), s.uid) != users.end()) {
      prove(s, fmt::format("it is of user {}, as which a process in the cgroup runs", s.uid));
    } else if (first && s.cgroup == *first) {
      prove(s, "systemd made it for a .socket unit");
    }
  }
}

std::vector<pid_t> OthersIn(const std::string& cgroup) {
  auto tasks = ReadCgroupTasks(cgroup, kMostTasks);
  if (!tasks) return {};
  std::erase(tasks->pids, ::getpid());
  return tasks->pids;
}

}  // namespace

void SortSockets(const std::vector<UdpSocket>& sockets, const std::vector<uint64_t>& seen,
                 const WatchedPlace& place, WatchFacts* facts) {
  std::vector<UdpSocket> outside;
  for (const UdpSocket& s : sockets) {
    if (s.inode == 0 || s.loopback || s.cgroup == 0 || s.port == 0) continue;
    if (std::binary_search(seen.begin(), seen.end(), s.cgroup)) {
      ++facts->inside;
    } else {
      outside.push_back(s);
    }
  }
  facts->outside = outside.size();
  if (!outside.empty()) Prove(outside, place, OthersIn(place.cgroup), facts);
}

WatchFacts ReadWatchFacts(const WatchedPlace& place, bool with_sockets) {
  WatchFacts facts;
  facts.cgroup = place.cgroup;
  facts.automatic = place.automatic;
  facts.port_min = place.port_min;
  facts.port_max = place.port_max;
  facts.all_ports = place.port_min == 0 && place.port_max == 65535;
  // Only the root of the machine's tree has no type, whatever a namespace shows as the root.
  facts.tree_root = InodeOf(place.cgroup + "/cgroup.procs") && !InodeOf(place.cgroup + "/cgroup.type");
  const std::string own = LinkOf(place.proc + "/self/ns/cgroup");
  facts.private_namespace = !own.empty() && own != kFirstCgroupNamespace;
  const auto tasks = ReadCgroupTasks(place.cgroup, kMostTasks);
  facts.only_self = tasks && tasks->foreign == 0 && tasks->pids == std::vector<pid_t>{::getpid()};
  if (!with_sockets) return facts;
  if (!place.own_network) {
    facts.sockets_unknown = "the watched processes are in another network namespace than candord";
    return facts;
  }
  const auto sockets = ReadUdpSockets(kMostSockets);
  const auto seen = CgroupsBelow(place.cgroup);
  if (!sockets) facts.sockets_unknown = sockets.error().message;
  if (!seen) facts.sockets_unknown = "there are too many cgroups to examine";
  if (sockets && seen) SortSockets(*sockets, *seen, place, &facts);
  return facts;
}

}  // namespace candor
