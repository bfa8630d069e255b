// SPDX-License-Identifier: Apache-2.0
//
// What the sockets of the watched processes lose, from /proc/PID/net/snmp and snmp6 of one process for each
// network namespace: readable by any user on every kernel, without BPF and without any capability.
//
// Why whole namespaces and not the drops column of /proc/PID/net/udp, which names the socket: 0.1 ms a
// reading against 100 ms with 10,000 sockets, on the thread that judges, under the locks that incoming
// packets take; and the table does not know of failed sends. So other UDP in the media server's namespace is
// in here too.
//
// Files are opened anew each time (60 us for both instead of 38 with pread): an open one would keep the
// namespace of a container that has ended. Which namespace a file belongs to is told by its inode, which,
// unlike /proc/PID/ns/net, needs no right to trace the process.
//
// One thread drives it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "flow/socket_counts.h"
#include "probe/sockets/udp_counters.h"

namespace candor {

class SocketReader {
 public:
  // More namespaces than these are not read: those that moved the most datagrams are.
  static constexpr size_t kMostNamespaces = 16;
  static constexpr size_t kMostTasks = 4096;  // looked at in search of namespaces
  using Clock = std::function<Time()>;

  SocketReader(std::string proc, Clock clock) : proc_(std::move(proc)), clock_(std::move(clock)) {}

  // Adds up what happened since the last call, in the namespaces of the processes in `cgroup` (a path). Call
  // once a second. A namespace that comes into sight, and a counter that ran backwards because it wrapped
  // round or is another namespace's, says nothing before the next call.
  void Read(const std::string& cgroup);

  const SocketEvidence& evidence() const { return evidence_; }
  // The namespaces that are read, by the inode of /proc/PID/net/stat, which is what a BPF program can see of
  // a namespace without being told more (candor_drops::namespaces).
  std::vector<uint32_t> NamespaceInodes() const;
  // What is not read although it is there, for people; mostly empty.
  std::string Limits() const;

 private:
  struct Namespace {
    ino_t inode = 0;          // of /proc/PID/net/snmp
    uint32_t ns_inode = 0;    // NamespaceInodes()
    std::vector<pid_t> pids;  // processes in it
    UdpCounters last;
  };
  void Search(const std::string& cgroup);
  std::string WhyNone(const std::string& cgroup, const struct CgroupTasks& tasks, int error) const;
  bool Reread(Namespace* n);
  void Add(const UdpCounters& before, const UdpCounters& now);
  void LimitNamespaces();

  const std::string proc_;
  const Clock clock_;
  SocketEvidence evidence_;
  std::vector<Namespace> namespaces_;
  std::string cgroup_;
  std::string none_;    // why the last search found no namespace
  size_t unread_ = 0;   // namespaces
  size_t foreign_ = 0;  // processes of other PID namespaces
  bool tasks_cut_ = false;
  Time next_search_{};
};

}  // namespace candor
