// SPDX-License-Identifier: Apache-2.0
#include "flow/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace candor {
namespace {

constexpr std::array<uint8_t, 12> kV4Mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::string_view Trim(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

}  // namespace

IpAddress IpAddress::From(const uint8_t (&raw)[16]) {
  IpAddress a;
  std::copy(std::begin(raw), std::end(raw), a.bytes.begin());
  return a;
}

IpAddress IpAddress::V4(uint32_t host_order) {
  IpAddress a;
  std::copy(kV4Mapped.begin(), kV4Mapped.end(), a.bytes.begin());
  const uint32_t be = htonl(host_order);
  std::memcpy(a.bytes.data() + 12, &be, sizeof be);
  return a;
}

Result<IpAddress> IpAddress::Parse(std::string_view text) {
  const std::string s(text);
  in_addr v4{};
  if (inet_pton(AF_INET, s.c_str(), &v4) == 1) return V4(ntohl(v4.s_addr));
  in6_addr v6{};
  if (inet_pton(AF_INET6, s.c_str(), &v6) == 1) return From(v6.s6_addr);
  return Fail("'" + s + "' is not an IP address; expected one like 203.0.113.9 or 2001:db8::1");
}

bool IpAddress::IsV4() const { return std::equal(kV4Mapped.begin(), kV4Mapped.end(), bytes.begin()); }

uint32_t IpAddress::AsV4() const {
  uint32_t be = 0;
  std::memcpy(&be, bytes.data() + 12, sizeof be);
  return ntohl(be);
}

bool IpAddress::IsPrivate() const {
  if (IsV4()) {
    const uint32_t a = AsV4();
    return (a >> 24) == 10 || (a >> 20) == 0xac1 || (a >> 16) == 0xc0a8 || (a >> 22) == (0x64400000u >> 22) ||
           (a >> 24) == 127 || (a >> 16) == 0xa9fe;
  }
  const bool unique_local = (bytes[0] & 0xfe) == 0xfc;
  const bool link_local = bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
  const bool loopback =
      std::all_of(bytes.begin(), bytes.end() - 1, [](uint8_t b) { return b == 0; }) && bytes[15] == 1;
  return unique_local || link_local || loopback;
}

std::string IpAddress::ToString() const {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (IsV4()) {
    inet_ntop(AF_INET, bytes.data() + 12, buffer, sizeof buffer);
  } else {
    inet_ntop(AF_INET6, bytes.data(), buffer, sizeof buffer);
  }
  return buffer;
}

IpAddress Masked(const IpAddress& address, int bits) {
  IpAddress out;
  for (int i = 0; i < 16 && bits > 0; ++i, bits -= 8) {
    const auto keep = bits >= 8 ? 0xffu : (0xffu << (8 - bits)) & 0xffu;
    out.bytes[static_cast<size_t>(i)] = static_cast<uint8_t>(address.bytes[static_cast<size_t>(i)] & keep);
  }
  return out;
}

Result<IpPrefix> IpPrefix::Parse(std::string_view text) {
  const auto slash = text.find('/');
  auto address = IpAddress::Parse(text.substr(0, slash));
  if (!address) return tl::make_unexpected(address.error());
  const int most = address->IsV4() ? 32 : 128;
  int bits = most;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (ec != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > most) {
      return Fail("'" + std::string(text) + "': the prefix length must be 0 to " + std::to_string(most));
    }
  }
  const int wide = bits + (most == 32 ? 96 : 0);
  return IpPrefix{Masked(*address, wide), wide};
}

bool IpPrefix::Contains(const IpAddress& a) const { return Masked(a, bits) == address; }

std::string IpPrefix::ToString() const {
  const bool v4 = bits >= 96 && address.IsV4();
  return address.ToString() + "/" + std::to_string(v4 ? bits - 96 : bits);
}

Result<std::vector<IpPrefix>> ParsePrefixList(std::string_view text) {
  std::vector<IpPrefix> out;
  while (true) {
    const auto comma = text.find(',');
    auto prefix = IpPrefix::Parse(Trim(text.substr(0, comma)));
    if (!prefix) return tl::make_unexpected(prefix.error());
    out.push_back(*prefix);
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

std::string Endpoint::ToString() const {
  const std::string host = address.ToString();
  return (address.IsV4() ? host : "[" + host + "]") + ":" + std::to_string(port);
}

}  // namespace candor

size_t std::hash<candor::IpAddress>::operator()(const candor::IpAddress& a) const noexcept {
  uint64_t high = 0, low = 0;
  std::memcpy(&high, a.bytes.data(), 8);
  std::memcpy(&low, a.bytes.data() + 8, 8);
  // Two rounds of splitmix64's mixer: peers choose their addresses, so plain xor would invite collisions.
  uint64_t x = high * 0x9e3779b97f4a7c15ull + low;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return static_cast<size_t>(x ^ (x >> 31));
}
