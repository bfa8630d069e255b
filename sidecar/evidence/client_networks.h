// SPDX-License-Identifier: Apache-2.0
//
// The client network of an address. Evidence is limited per network, so addresses are grouped by prefix and
// hashed into a fixed number of buckets; trusted sources have no limit. Behind a NAT64 all IPv4 clients of
// the Internet have the translator's prefix: there the embedded IPv4 address counts (RFC 6052 section 2.2),
// for the well-known prefix 64:ff9b::/96, for 64:ff9b:1::/48 (RFC 8215) where it is embedded as with a /96,
// and for configured prefixes. Immutable after construction, thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "flow/address.h"

namespace candor {

inline constexpr size_t kNetworkBuckets = 128;  // so that few of some hundred networks share one

struct ClientNetworkOptions {
  int bits_v4 = 16;  // 1..32
  int bits_v6 = 32;  // 1..128
  std::vector<IpPrefix> trusted;
  std::vector<IpPrefix> nat64;  // further prefixes, of 32, 40, 48, 56, 64 or 96 bits; tried first
};

struct ClientNetwork {
  uint8_t bucket = 0;  // < kNetworkBuckets
  bool trusted = false;
};

class ClientNetworks {
 public:
  explicit ClientNetworks(ClientNetworkOptions options) : options_(std::move(options)) {}

  // A private address is a network of its own: hosts in 10/8 may belong to different operators. A trusted
  // source is recognised by either form of a translated address.
  ClientNetwork Of(const IpAddress& address) const;

 private:
  IpAddress Untranslated(const IpAddress& address) const;

  ClientNetworkOptions options_;
};

}  // namespace candor
