// SPDX-License-Identifier: Apache-2.0
//
// Of which sockets, clients and ports the local facts are to be read. Values only.
// Tested in tests/facts/facts_reader_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "flow/address.h"

namespace candor {

struct FactsRequest {
  static constexpr size_t kCgroups = 4, kPorts = 64, kAddresses = 16, kPeers = 5;

  // Its processes and their cgroup alone, in calm: LocalFacts::processes (of threads only those of a process
  // that is stopped), cgroup, frozen, memory, and the descriptors where it has eight processes or fewer
  // and the kernel tells how many are open (Linux 6.2). A fraction of a millisecond.
  bool watch = false;
  std::vector<uint64_t> cgroups;          // ids of the sockets' cgroups, newest first; without 0
  std::vector<uint16_t> ports;            // local UDP ports that clients use or used lately, ascending
  std::vector<uint16_t> shared_ports;     // of these, ports of several clients at once: they stay open
  std::vector<IpAddress> addresses;       // local addresses that clients use or used lately
  std::vector<IpAddress> peers;           // examples of clients: of those that fail, where some do
  uint16_t range_min = 0, range_max = 0;  // the media server's port range, inclusive; 0: none is configured

  bool operator==(const FactsRequest&) const = default;
};

}  // namespace candor
