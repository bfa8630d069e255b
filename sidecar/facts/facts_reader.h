// SPDX-License-Identifier: Apache-2.0
//
// Reads the local facts: files of /proc and of the cgroup tree that any user can read, of bounded numbers of
// processes, threads and folders. A full reading takes some milliseconds, with 10,000 sockets 100 ms: read it
// only while something is wrong, at most once a second, and not on a thread that must not wait. A reading for
// FactsRequest::watch takes a fraction of a millisecond. What grows (throttling, memory events, queues) is
// known from the second reading on; pressure is the kernel's own of 10 s in the first one. Network tables are
// those of the server's network namespace: without a process of the server they are not known, and never
// taken from candord's own namespace. Used by one thread, with one reader for each server.
// Tested in tests/facts/facts_reader_test.cc.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "facts/cgroup_files.h"
#include "facts/facts_request.h"
#include "facts/local_facts.h"
#include "facts/parse_network.h"
#include "facts/process_files.h"

namespace candor {

class FactsReader {
 public:
  static constexpr size_t kMostListed = 16;  // SocketFacts::media, SocketFacts::gone

  // `proc`: where procfs is mounted; `ticks_per_second`: sysconf(_SC_CLK_TCK).
  FactsReader(std::string proc, long ticks_per_second)
      : proc_(std::move(proc)), cgroups_(proc_), processes_(proc_, ticks_per_second) {}

  // `since_boot`: the time by CLOCK_BOOTTIME at `now`.
  LocalFacts Read(const FactsRequest& request, Time now, Duration since_boot);

 private:
  struct Queue {
    uint64_t bytes = 0;
    Time since{};  // it has not fallen since
  };
  struct Memory {
    std::optional<MemoryEvents> cgroup;              // as last read
    std::deque<std::pair<Time, MemoryEvents>> grew;  // within kMemoryMemory
  };
  void ReadServer(const FactsRequest& request, Time now, Duration since_boot, LocalFacts* f);
  void ReadNetwork(const FactsRequest& request, Time now, LocalFacts* f);
  Fact<Throttling> ReadThrottling(const std::string& path, Time now);
  PressureFacts ReadPressure(const std::string& path, Time now);
  Fact<Pressure> PressureOf(const std::string& path, const char* what, Time now);
  Fact<MemoryEvents> ReadMemory(const std::string& path, Time now);
  Fact<std::vector<IpAddress>> ReadAddresses(const FactsRequest& request) const;
  Fact<std::vector<PeerPath>> ReadPaths(const FactsRequest& request) const;
  Fact<SocketFacts> ReadSockets(const FactsRequest& request, Time now);
  Fact<Conntrack> ReadConntrack();
  Duration Unchanged(std::map<uint16_t, Queue>* queues, uint16_t port, uint64_t bytes, Time now);
  // A table of the network namespace of the server; nullopt: it has no process, or it cannot be read.
  std::optional<std::string> NetTable(const char* name) const;

  const std::string proc_;
  CgroupFiles cgroups_;
  ProcessFiles processes_;
  int pid_ = 0;  // a process of the server, of this reading; 0: none is known
  std::map<std::string, std::pair<Time, CpuStat>> cpu_;              // by cgroup
  std::map<std::string, std::pair<Time, PressureTotals>> pressure_;  // by cgroup and kind
  std::map<std::string, Memory> memory_;                             // by cgroup
  std::optional<uint64_t> machine_oom_kill_;                         // as last read
  // Of the machine, of the reading before, when no process had ended yet; or while the server has none.
  uint64_t unmatched_oom_kill_ = 0;
  bool killed_at_start_ = false;  // while the server has no process
  std::vector<int> pids_;         // of the server, ascending, as last read
  bool ended_ = false;            // one of those of the reading before is there no more
  std::map<uint16_t, Queue> unread_, unsent_;
  std::optional<ConntrackStat> conntrack_;
};

}  // namespace candor
