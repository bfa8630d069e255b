// SPDX-License-Identifier: Apache-2.0
//
// Which client network an address belongs to. One network is one voice (verdict.md "Guards"), so addresses
// are grouped by prefix and hashed to a fixed number of buckets; trusted sources speak per attempt. Behind a
// NAT64 every IPv4 client of the Internet has the translator's one prefix: there the embedded IPv4 address
// counts (RFC 6052 section 2.2), of the well-known prefix 64:ff9b::/96, of 64:ff9b:1::/48 (RFC 8215) where it
// is embedded as with a /96, and of configured prefixes.
// Immutable after construction, thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "flow/address.h"

namespace candor {

inline constexpr size_t kNetworkBuckets = 128;  // few of some hundred networks share one

struct ClientNetworkOptions {
  int bits_v4 = 16;  // 1..32
  int bits_v6 = 32;  // 1..128
  std::vector<IpPrefix> trusted;
  std::vector<IpPrefix> nat64;  // further prefixes, of 32, 40, 48, 56, 64 or 96 bits; come first
};

struct ClientNetwork {
  uint8_t bucket = 0;  // < kNetworkBuckets
  bool trusted = false;
};

class ClientNetworks {
 public:
  explicit ClientNetworks(ClientNetworkOptions options) : options_(std::move(options)) {}

  // A private address is a network of its own: two hosts behind 10/8 need share no operator. Trusted sources
  // are recognised by either form of a translated address.
  ClientNetwork Of(const IpAddress& address) const;

 private:
  IpAddress Untranslated(const IpAddress& address) const;

  ClientNetworkOptions options_;
};

}  // namespace candor
