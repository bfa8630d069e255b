// SPDX-License-Identifier: Apache-2.0
//
// Losses of the watched processes' UDP sockets, from /proc/PID/net/snmp and snmp6 of one process per network
// namespace: readable by any user on every kernel, without BPF or capabilities.
//
// Complete namespaces are read and not the drops column of /proc/PID/net/udp, which has the socket: a reading
// takes 0.1 ms instead of 100 ms with 10,000 sockets, on the pipeline's thread, under the locks that incoming
// packets take; and that table has no failed sends. Therefore other UDP in the media server's namespace
// counts too.
//
// Files are opened for each reading (60 us for both instead of 38 with pread): an open file would keep the
// namespace of an ended container. The file's inode identifies its namespace, which, unlike /proc/PID/ns/net,
// needs no right to trace the process.
//
// Used by one thread.
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
  // Of more namespaces those with the most datagrams are read.
  static constexpr size_t kMostNamespaces = 16;
  static constexpr size_t kMostTasks = 4096;  // examined in a search for namespaces
  using Clock = std::function<Time()>;

  SocketReader(std::string proc, Clock clock) : proc_(std::move(proc)), clock_(std::move(clock)) {}

  // Adds the changes since the last call, in the namespaces of the processes in `cgroup` (a path). Call once
  // a second. A new namespace, or a counter that decreased because it wrapped or belongs to another
  // namespace, counts from the next call on.
  void Read(const std::string& cgroup);

  const SocketEvidence& evidence() const { return evidence_; }
  // The namespaces that are read, by the inode of /proc/PID/net/stat, which a BPF program can read from a
  // packet's namespace (candor_drops::namespaces).
  std::vector<uint32_t> NamespaceInodes() const;
  // Whether this process's own network namespace is among them.
  bool ReadsOwnNamespace() const;
  // A message about processes and namespaces that are not read; empty without any.
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
