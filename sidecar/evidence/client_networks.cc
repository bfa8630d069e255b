// SPDX-License-Identifier: Apache-2.0
#include "evidence/client_networks.h"

#include <algorithm>

namespace candor {

ClientNetwork ClientNetworks::Of(const IpAddress& address) const {
  ClientNetwork network;
  network.trusted = std::any_of(options_.trusted.begin(), options_.trusted.end(),
                                [&](const IpPrefix& p) { return p.Contains(address); });
  const bool v4 = address.IsV4();
  const int bits = address.IsPrivate() ? 128 : (v4 ? 96 + options_.bits_v4 : options_.bits_v6);
  const size_t hash = std::hash<IpAddress>{}(Masked(address, bits));
  network.bucket = static_cast<uint8_t>(hash % kNetworkBuckets);
  return network;
}

}  // namespace candor
