// SPDX-License-Identifier: Apache-2.0
#include "replay/live/local_addresses.h"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace candor {

Result<std::vector<IpAddress>> LocalAddresses() {
  ifaddrs* head = nullptr;
  if (getifaddrs(&head) != 0) return FailErrno("cannot list this host's addresses", errno);
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> list(head, &freeifaddrs);
  std::vector<IpAddress> out;
  for (const ifaddrs* i = head; i != nullptr; i = i->ifa_next) {
    if (i->ifa_addr == nullptr) continue;
    if (i->ifa_addr->sa_family == AF_INET) {
      sockaddr_in v4{};
      std::memcpy(&v4, i->ifa_addr, sizeof v4);
      out.push_back(IpAddress::V4(ntohl(v4.sin_addr.s_addr)));
    } else if (i->ifa_addr->sa_family == AF_INET6) {
      sockaddr_in6 v6{};
      std::memcpy(&v6, i->ifa_addr, sizeof v6);
      out.push_back(IpAddress::From(v6.sin6_addr.s6_addr));
    }
  }
  return out;
}

}  // namespace candor
