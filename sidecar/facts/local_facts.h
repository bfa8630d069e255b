// SPDX-License-Identifier: Apache-2.0
//
// What this machine says of itself and of the media server's processes at one moment: facts that localise a
// fault. Read in full while something is wrong, else a few of them (FactsRequest::watch). Values only.
// Tested in tests/facts/local_facts_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "facts/fact.h"
#include "flow/address.h"

namespace candor {

struct ProcessName {
  int pid = 0;
  std::string name;  // as the kernel keeps it: 15 bytes at most
  bool operator==(const ProcessName&) const = default;
};

// The processes in the cgroups of the media server's sockets and below them; at most
// CgroupFiles::kMostProcesses of them, with at most ProcessFiles::kMostThreads threads together.
struct ProcessFacts {
  uint32_t processes = 0;  // zombies are not among them
  uint32_t zombies = 0;
  std::vector<ProcessName> stopped;  // all their threads: SIGSTOP or a debugger
  // A thread waits for a device (state D), in this reading and in the one before.
  std::vector<ProcessName> blocked;
  ProcessName youngest;
  Duration age{};              // of it
  uint32_t restarts = 0;       // processes of a known name that replaced an ended one, within kRestartMemory
  Duration restarts_within{};  // since the first of these, or of `replaced`, was seen
  uint32_t replaced = 0;  // times that none was left of all of them and others came, within kRestartMemory
  Duration gone{};        // since the first reading without any; 0: some are there
  bool cut = false;       // more processes than are read
  bool operator==(const ProcessFacts&) const = default;
};
inline constexpr Duration kRestartMemory = std::chrono::seconds(60);
inline constexpr Duration kMemoryMemory = std::chrono::seconds(60);

// Shares of wall time, 0..1: of the time since the reading before, else of the kernel's last 10 s. "some": at
// least one task waited for it, "full": all of them did (Documentation/accounting/psi.rst).
struct Pressure {
  double some = 0, full = 0;
  bool operator==(const Pressure&) const = default;
};

struct PressureFacts {
  Fact<Pressure> cpu, memory, io;
  bool operator==(const PressureFacts&) const = default;
};

// Growth between two readings (cpu.stat; sched-bwc.rst).
struct Throttling {
  Duration window{};
  uint64_t periods = 0, throttled_periods = 0;
  Duration throttled{};  // summed over CPUs
  bool operator==(const Throttling&) const = default;
};

// Growth that was seen within kMemoryMemory, from one reading to the next (memory.events, cgroup-v2.rst).
struct MemoryEvents {
  uint64_t oom = 0, oom_kill = 0, max = 0;
  uint64_t machine_oom_kill = 0;  // of the whole machine (/proc/vmstat), while a process of the server ended
  bool operator==(const MemoryEvents&) const = default;
};

struct Descriptors {
  ProcessName process;  // the one nearest to its limit
  uint64_t used = 0, limit = 0;
  bool operator==(const Descriptors&) const = default;
};

struct SocketQueue {
  uint16_t port = 0;
  uint64_t receive = 0, send = 0;  // bytes that wait
  uint64_t drops = 0;              // datagrams since the socket was made
  Duration unread{};  // for how long `receive` has not fallen from one reading to the next; 0: it fell
  Duration unsent{};  // likewise of `send`
  bool operator==(const SocketQueue&) const = default;
};

// The UDP sockets of the media server's network namespace.
struct SocketFacts {
  uint32_t sockets = 0;
  std::vector<SocketQueue> media;  // of the ports that were asked for, longest queue first, at most 16
  std::vector<uint16_t> gone;      // ports that had flows and are bound no more, ascending, at most 16
  // Ports of the configured range that any socket of the namespace has, without those that sessions share.
  uint32_t range_bound = 0;
  uint32_t range_size = 0;  // likewise; 0: no range is configured, or sessions share its ports
  bool operator==(const SocketFacts&) const = default;
};

struct Conntrack {
  uint64_t count = 0, max = 0;
  uint64_t dropped = 0;  // packets since the reading before, because no entry could be made
  bool operator==(const Conntrack&) const = default;
};

// How this node reaches a peer by its main routing table (IPv6: all tables): rules for policy routing are not
// read, so another table may have a way.
struct PeerPath {
  enum class Kind : uint8_t {
    kRoute,          // there is one
    kNoRoute,        // there is none, or one that refuses
    kDeadNeighbour,  // IPv4: the next hop's link address is not resolved
  };
  IpAddress peer{};
  Kind kind = Kind::kRoute;
  std::string device, next_hop;  // where known
  bool operator==(const PeerPath&) const = default;
};

struct LocalFacts {
  Time at{};           // of the reading; Time{}: nothing was read
  bool watch = false;  // FactsRequest::watch
  // The cgroup of the server's newest socket, below the mount point: "/system.slice/janus.service".
  Fact<std::string> cgroup;
  // The frozen cgroup: `cgroup`, because of itself or of one above, or one below it; of v1 the freezer's
  // folder. Empty: none is.
  Fact<std::string> frozen;
  Fact<ProcessFacts> processes;
  Fact<Throttling> throttling;
  PressureFacts pressure;          // of the cgroup
  PressureFacts machine_pressure;  // of the whole machine
  Fact<MemoryEvents> memory;
  Fact<Descriptors> descriptors;
  Fact<SocketFacts> sockets;
  Fact<Conntrack> conntrack;
  // Had flows, and are not this node's any more; of the families whose tables can be read, as is `paths`.
  Fact<std::vector<IpAddress>> addresses_gone;
  Fact<std::vector<PeerPath>> paths;  // to the peers that were asked for

  bool read() const { return at != Time{}; }
};

}  // namespace candor
