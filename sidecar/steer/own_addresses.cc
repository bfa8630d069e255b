// SPDX-License-Identifier: Apache-2.0
#include "steer/own_addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <memory>

namespace candor::steer {

std::vector<std::string> OwnAddresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(first, &::freeifaddrs);
  std::vector<std::string> out, loopback;
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = one->ifa_addr->sa_family;
    const void* address = nullptr;
    if (family == AF_INET) {
      address = &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr;
    } else if (family == AF_INET6) {
      address = &reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr;
    }
    if (address == nullptr || ::inet_ntop(family, address, text.data(), text.size()) == nullptr) continue;
    auto& list = (one->ifa_flags & IFF_LOOPBACK) != 0 ? loopback : out;
    if (std::find(list.begin(), list.end(), text.data()) == list.end()) list.emplace_back(text.data());
  }
  return out.empty() ? loopback : out;
}

}  // namespace candor::steer
