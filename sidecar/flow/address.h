// SPDX-License-Identifier: Apache-2.0
//
// IP addresses and prefixes as values. IPv4 is stored as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2), as in
// bpf/abi.h, and printed as IPv4. Ports are in host byte order. Thread-safe.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace candor {

struct IpAddress {
  std::array<uint8_t, 16> bytes{};

  static IpAddress From(const uint8_t (&raw)[16]);
  static IpAddress V4(uint32_t host_order);
  // "203.0.113.9" or "2001:db8::1"; other text is an error that quotes it.
  static Result<IpAddress> Parse(std::string_view text);

  bool IsV4() const;
  uint32_t AsV4() const;  // host order; only when IsV4()
  // RFC 1918, RFC 6598, RFC 4193, loopback or link-local.
  bool IsPrivate() const;
  std::string ToString() const;

  auto operator<=>(const IpAddress&) const = default;
};

// A CIDR prefix; a bare address is a /32 or /128.
struct IpPrefix {
  IpAddress address;
  int bits = 128;  // of the 128-bit form: an IPv4 /16 is 96 + 16

  static Result<IpPrefix> Parse(std::string_view text);
  bool Contains(const IpAddress& a) const;
  std::string ToString() const;
  auto operator<=>(const IpPrefix&) const = default;
};

// Comma-separated addresses and CIDRs; spaces around entries are allowed, empty entries are errors.
Result<std::vector<IpPrefix>> ParsePrefixList(std::string_view text);

// `address` with all but its first `bits` (of 128) cleared.
IpAddress Masked(const IpAddress& address, int bits);

struct Endpoint {
  IpAddress address;
  uint16_t port = 0;
  std::string ToString() const;  // 203.0.113.9:4711, [2001:db8::1]:4711
  auto operator<=>(const Endpoint&) const = default;
};

}  // namespace candor

template <>
struct std::hash<candor::IpAddress> {
  size_t operator()(const candor::IpAddress& a) const noexcept;
};
