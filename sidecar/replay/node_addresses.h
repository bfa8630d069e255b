// SPDX-License-Identifier: Apache-2.0
//
// Which way a captured packet goes, as seen by the node: out when its source is one of the node's
// addresses, in when its destination is. A packet between two addresses of the node's (loopback, a relay
// beside the media server) is both: first sent by one socket, then received by another, as the kernel's hooks
// see it on one host.
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

// Source and destination of an IP packet whose fixed header is there (link_layer.h).
struct IpEndpoints {
  IpAddress source, destination;
};
IpEndpoints EndpointsOf(std::span<const uint8_t> ip);

// Immutable once made, thus thread-safe.
class NodeAddresses {
 public:
  // The node has these addresses, and all of these networks.
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
