// SPDX-License-Identifier: Apache-2.0
//
// The direction of a captured packet: out when its source is an address of the node, in when its destination
// is. A packet between two addresses of the node (loopback, a relay beside the media server) is both, out
// first, as the kernel's hooks see it on one host. Tested by tests/replay/file_source_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "flow/address.h"

namespace candor {

struct Directions {
  bool out = false;
  bool in = false;
};

struct IpEndpoints {
  IpAddress source, destination;
};
// `ip` holds at least the fixed header, of version 4 or 6. IPv4 addresses become IPv4-mapped ones.
IpEndpoints EndpointsOf(std::span<const uint8_t> ip);

// Immutable, thus thread-safe.
class NodeAddresses {
 public:
  // Single addresses and whole networks of the node.
  explicit NodeAddresses(std::vector<IpAddress> node_addresses, std::vector<IpPrefix> node_networks = {});

  Directions Of(const IpEndpoints& ends) const { return {Has(ends.source), Has(ends.destination)}; }
  bool Has(const IpAddress& a) const;
  const std::vector<IpAddress>& addresses() const { return addresses_; }  // sorted, each once
  const std::vector<IpPrefix>& networks() const { return networks_; }

 private:
  std::vector<IpAddress> addresses_;
  std::vector<IpPrefix> networks_;
};

}  // namespace candor
