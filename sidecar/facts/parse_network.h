// SPDX-License-Identifier: Apache-2.0
//
// Tables of /proc/PID/net: of that process's network namespace, readable by any user. Pure.
// Source: the functions that print these files in net/ipv4, net/ipv6 and net/netfilter of
// Linux 6.1 to 6.18. Tested in tests/facts/parse_network_test.cc. Addresses there are in the machine's byte
// order, word by word; this is for little-endian machines and big-endian ones alike.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/address.h"

namespace candor {

struct UdpSocketRow {
  uint16_t port = 0;               // local
  uint64_t send = 0, receive = 0;  // bytes in its queues
  uint64_t drops = 0;
  bool operator==(const UdpSocketRow&) const = default;
};
// net/udp or net/udp6. Lines that are none are skipped.
void ForEachUdpSocket(std::string_view text, const std::function<void(const UdpSocketRow&)>& visit);

// The prefixes that are local: of net/fib_trie (IPv4) and net/if_inet6 (IPv6).
std::vector<IpPrefix> ParseLocalAddresses(std::string_view fib_trie, std::string_view if_inet6);

struct Route {
  IpPrefix destination;
  IpAddress gateway{};  // all zero: none, the destination is on the link
  bool refuses = false;
  uint32_t metric = 0;
  std::string device;

  bool has_gateway() const { return gateway != IpAddress{} && gateway != IpAddress::V4(0); }
};
// net/route (the main table) and net/ipv6_route (all tables).
std::vector<Route> ParseRoutes(std::string_view route, std::string_view ipv6_route);
// The longest prefix, of equal ones the smallest metric; nullptr: none. Points into `routes`.
const Route* RouteTo(const IpAddress& peer, const std::vector<Route>& routes);

// IPv4 neighbours whose link address could not be resolved, from net/arp.
std::vector<IpAddress> ParseUnresolved(std::string_view arp);

struct ConntrackStat {
  uint64_t entries = 0;
  uint64_t dropped = 0;  // of all CPUs
  bool operator==(const ConntrackStat&) const = default;
};
// net/stat/nf_conntrack
std::optional<ConntrackStat> ParseConntrackStat(std::string_view text);

}  // namespace candor
