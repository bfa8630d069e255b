// SPDX-License-Identifier: Apache-2.0
//
// Which client network an address belongs to. One network is one voice (verdict.md "Guards"), so addresses
// are grouped by prefix and hashed to a fixed number of buckets; trusted sources speak per attempt.
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
};

struct ClientNetwork {
  uint8_t bucket = 0;  // < kNetworkBuckets
  bool trusted = false;
};

class ClientNetworks {
 public:
  explicit ClientNetworks(ClientNetworkOptions options) : options_(std::move(options)) {}

  // A private address is a network of its own: two hosts behind 10/8 need share no operator.
  ClientNetwork Of(const IpAddress& address) const;

 private:
  ClientNetworkOptions options_;
};

}  // namespace candor
