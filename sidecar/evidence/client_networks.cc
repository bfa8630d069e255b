// SPDX-License-Identifier: Apache-2.0
#include "evidence/client_networks.h"

#include <algorithm>

#include "flow/nat64.h"

namespace candor {
namespace {

// 64:ff9b::/96 and 64:ff9b:1::/48.
constexpr IpPrefix kWellKnown{{{0x00, 0x64, 0xff, 0x9b}}, 96};
constexpr IpPrefix kLocalUse{{{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}}, 48};

}  // namespace

IpAddress ClientNetworks::Untranslated(const IpAddress& address) const {
  if (address.IsV4()) return address;
  for (const IpPrefix& p : options_.nat64) {
    if (p.Contains(address)) return EmbeddedV4(address, p.bits);
  }
  const bool known = kWellKnown.Contains(address) || kLocalUse.Contains(address);
  return known ? EmbeddedV4(address, kWellKnown.bits) : address;
}

ClientNetwork ClientNetworks::Of(const IpAddress& given) const {
  const IpAddress address = Untranslated(given);
  ClientNetwork network;
  network.trusted = std::any_of(options_.trusted.begin(), options_.trusted.end(),
                                [&](const IpPrefix& p) { return p.Contains(address) || p.Contains(given); });
  const bool v4 = address.IsV4();
  const int bits = address.IsPrivate() ? 128 : (v4 ? 96 + options_.bits_v4 : options_.bits_v6);
  const size_t hash = std::hash<IpAddress>{}(Masked(address, bits));
  network.bucket = static_cast<uint8_t>(hash % kNetworkBuckets);
  return network;
}

}  // namespace candor
