// SPDX-License-Identifier: Apache-2.0
//
// Of which sockets, clients and ports the local facts are to be. Values only.
// Tested in tests/facts/facts_reader_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "flow/address.h"

namespace candor {

struct FactsRequest {
  static constexpr size_t kCgroups = 4, kPorts = 64, kAddresses = 16, kPeers = 5;

  std::vector<uint64_t> cgroups;          // ids of the sockets' cgroups, most flows first; without 0
  std::vector<uint16_t> ports;            // local UDP ports that have, or had, flows
  std::vector<uint16_t> shared_ports;     // of these, ports of several clients at once: they stay open
  std::vector<IpAddress> addresses;       // local addresses that have, or had, flows
  std::vector<IpAddress> peers;           // examples of clients
  uint16_t range_min = 0, range_max = 0;  // the media server's port range, inclusive; 0: none is configured

  bool operator==(const FactsRequest&) const = default;
};

}  // namespace candor
