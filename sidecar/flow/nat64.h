// SPDX-License-Identifier: Apache-2.0
//
// IPv4 addresses that a NAT64 translator embeds in IPv6 addresses (RFC 6052 section 2.2). Pure, thread-safe.
#pragma once

#include "flow/address.h"

namespace candor {

// The prefix lengths that RFC 6052 allows.
constexpr bool IsNat64Length(int bits) {
  return bits == 32 || bits == 40 || bits == 48 || bits == 56 || bits == 64 || bits == 96;
}

// The IPv4 address in `address` with a prefix of `bits`, which must satisfy IsNat64Length().
inline IpAddress EmbeddedV4(const IpAddress& address, int bits) {
  constexpr size_t kUnused = 8;  // bits 64 to 71 are zero and carry nothing
  uint32_t v4 = 0;
  size_t at = static_cast<size_t>(bits) / 8;
  for (int i = 0; i < 4; ++i, ++at) {
    if (at == kUnused) ++at;
    v4 = v4 << 8 | address.bytes[at];
  }
  return IpAddress::V4(v4);
}

}  // namespace candor
