// SPDX-License-Identifier: Apache-2.0
//
// Facts about the watched cgroup that tell whether the media server's sockets can be in it. They are read
// from /proc, the cgroup tree and sock_diag, without a right; what a right would be needed for is used where
// it is readable. Thread-safe. Tested in tests/probe/kernel/watch_facts_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "probe/sockets/udp_sockets.h"

namespace candor {

struct WatchFacts {
  std::string cgroup;      // the path that is watched
  bool automatic = false;  // no cgroup was named in the configuration
  bool tree_root = false;  // it is the root of the machine's tree: every socket belongs to it or below it
  bool private_namespace = false;  // this process is in a cgroup namespace of its own
  bool only_self = false;          // no process but this one is in it
  bool all_ports = true;           // every local port is followed
  uint16_t port_min = 0, port_max = 65535;

  // UDP sockets of the own network namespace that no program on the cgroup sees, without those of the kernel
  // and those bound to loopback. `sockets_unknown` has why they could not be read.
  std::string sockets_unknown;
  size_t inside = 0;   // sockets that the probes see
  size_t outside = 0;  // ... do not see
  // One of those outside that belongs to the media server, by the first proof that holds; port 0: none.
  uint16_t proven_port = 0;
  std::string proof;  // "process 12 has it open", ...
};

struct WatchedPlace {
  std::string proc = "/proc";
  std::string cgroup;  // a path
  std::string mount;   // of the cgroup2 tree; empty: unknown
  bool automatic = false;
  uint16_t port_min = 0, port_max = 65535;
  bool own_network = true;  // the watched processes share this process's network namespace
};

// `with_sockets` costs a list of all UDP sockets of the namespace: 1 ms for some hundreds.
WatchFacts ReadWatchFacts(const WatchedPlace& place, bool with_sockets);

// Of `sockets`, which are seen and which belong to the media server. `seen` are the inodes of the watched
// cgroup and of those below it.
void SortSockets(const std::vector<UdpSocket>& sockets, const std::vector<uint64_t>& seen,
                 const WatchedPlace& place, WatchFacts* facts);

}  // namespace candor
