// SPDX-License-Identifier: Apache-2.0
#include "replay/node_addresses.h"

#include <algorithm>
#include <cstring>

namespace candor {
namespace {

IpAddress Mapped(const uint8_t* v4) {
  IpAddress a;
  a.bytes[10] = a.bytes[11] = 0xff;
  std::memcpy(a.bytes.data() + 12, v4, 4);
  return a;
}

IpAddress Plain(const uint8_t* v6) {
  IpAddress a;
  std::memcpy(a.bytes.data(), v6, 16);
  return a;
}

}  // namespace

IpEndpoints EndpointsOf(std::span<const uint8_t> ip) {
  const uint8_t* p = ip.data();
  if (p[0] >> 4 == 4) return {Mapped(p + 12), Mapped(p + 16)};
  return {Plain(p + 8), Plain(p + 24)};
}

NodeAddresses::NodeAddresses(std::vector<IpAddress> node_addresses, std::vector<IpPrefix> node_networks)
    : addresses_(std::move(node_addresses)), networks_(std::move(node_networks)) {
  std::sort(addresses_.begin(), addresses_.end());
  addresses_.erase(std::unique(addresses_.begin(), addresses_.end()), addresses_.end());
}

bool NodeAddresses::Has(const IpAddress& a) const {
  const auto same = [&](const IpAddress& m) {
    return std::memcmp(m.bytes.data(), a.bytes.data(), m.bytes.size()) == 0;
  };
  // With up to 8 addresses, as nearly all nodes have, comparing each is faster than a binary search.
  const bool one = addresses_.size() > 8 ? std::binary_search(addresses_.begin(), addresses_.end(), a)
                                         : std::any_of(addresses_.begin(), addresses_.end(), same);
  return one ||
         std::any_of(networks_.begin(), networks_.end(), [&](const IpPrefix& n) { return n.Contains(a); });
}

}  // namespace candor
