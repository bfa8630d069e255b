// SPDX-License-Identifier: Apache-2.0
#include "facts/parse_network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "facts/words.h"

namespace candor {
namespace {

constexpr uint64_t kRejectRoute = 0x0200;      // RTF_REJECT
constexpr uint64_t kLocalRoute6 = 0x80000000;  // RTF_LOCAL

// A word of eight hex digits as the kernel prints an address in network order: "0100007F" is 127.0.0.1 on a
// little-endian machine.
std::optional<IpAddress> NativeV4(std::string_view hex) {
  const auto word = NumberOf(hex, 16);
  if (!word || hex.size() != 8) return std::nullopt;
  return IpAddress::V4(ntohl(static_cast<uint32_t>(*word)));
}

// Thirty-two hex digits in network order.
std::optional<IpAddress> BytesV6(std::string_view hex) {
  IpAddress out;
  if (hex.size() != 32) return std::nullopt;
  for (size_t i = 0; i < out.bytes.size(); ++i) {
    const auto byte = NumberOf(hex.substr(2 * i, 2), 16);
    if (!byte) return std::nullopt;
    out.bytes[i] = static_cast<uint8_t>(*byte);
  }
  return out;
}

std::string_view After(std::string_view word, char c) {
  const size_t at = word.rfind(c);
  return at == std::string_view::npos ? std::string_view{} : word.substr(at + 1);
}

std::string_view Before(std::string_view word, char c) {
  return word.substr(0, std::min(word.find(c), word.size()));
}

// "|-- 192.0.2.1" and, on the next line, "/32 host LOCAL".
void AddLocalV4(std::string_view fib_trie, std::vector<IpPrefix>* out) {
  std::string_view address;
  while (!fib_trie.empty()) {
    std::string_view line = TakeLine(&fib_trie);
    const std::string_view first = TakeWord(&line), second = TakeWord(&line), third = TakeWord(&line);
    if (first == "|--") address = second;
    if (!first.starts_with('/') || second != "host" || third != "LOCAL") continue;
    auto prefix = IpPrefix::Parse(std::string(address) + std::string(first));
    if (prefix && std::find(out->begin(), out->end(), *prefix) == out->end()) out->push_back(*prefix);
  }
}

std::optional<Route> RouteV4(std::string_view line) {
  Route out;
  out.device = TakeWord(&line);
  const auto destination = NativeV4(TakeWord(&line)), gateway = NativeV4(TakeWord(&line));
  const auto flags = NumberOf(TakeWord(&line), 16);
  SkipWords(&line, 2);
  const auto metric = NumberOf(TakeWord(&line));
  const auto mask = NativeV4(TakeWord(&line));
  if (!destination || !gateway || !flags || !metric || !mask) return std::nullopt;
  out.destination = {*destination, 96 + __builtin_popcount(mask->AsV4())};
  out.gateway = *gateway;
  out.refuses = (*flags & kRejectRoute) != 0;
  out.metric = static_cast<uint32_t>(*metric);
  return out;
}

std::optional<Route> RouteV6(std::string_view line) {
  Route out;
  const auto destination = BytesV6(TakeWord(&line));
  const auto bits = NumberOf(TakeWord(&line), 16);
  SkipWords(&line, 2);
  const auto gateway = BytesV6(TakeWord(&line));
  const auto metric = NumberOf(TakeWord(&line), 16);
  SkipWords(&line, 2);
  const auto flags = NumberOf(TakeWord(&line), 16);
  out.device = TakeWord(&line);
  if (!destination || !bits || !gateway || !metric || !flags || *bits > 128) return std::nullopt;
  if ((*flags & kLocalRoute6) != 0) return std::nullopt;
  out.destination = {*destination, static_cast<int>(*bits)};
  out.gateway = *gateway;
  // The kernel's own route of last resort refuses too.
  out.refuses = (*flags & kRejectRoute) != 0;
  out.metric = static_cast<uint32_t>(*metric);
  return out;
}

}  // namespace

// " 12: 0100007F:1388 00000000:0000 07 00000000:00000A00 00:00000000 00000000 0 0 4711 2 ffff888 13"
void ForEachUdpSocket(std::string_view text, const std::function<void(const UdpSocketRow&)>& visit) {
  while (!text.empty()) {
    std::string_view line = TakeLine(&text);
    if (!TakeWord(&line).ends_with(':')) continue;
    const auto port = NumberOf(After(TakeWord(&line), ':'), 16);
    SkipWords(&line, 2);
    const std::string_view queues = TakeWord(&line);
    const auto send = NumberOf(Before(queues, ':'), 16), receive = NumberOf(After(queues, ':'), 16);
    SkipWords(&line, 7);
    const auto drops = NumberOf(TakeWord(&line));
    if (!port || !send || !receive || !drops) continue;
    visit({static_cast<uint16_t>(*port), *send, *receive, *drops});
  }
}

std::vector<IpPrefix> ParseLocalAddresses(std::string_view fib_trie, std::string_view if_inet6) {
  std::vector<IpPrefix> out;
  AddLocalV4(fib_trie, &out);
  while (!if_inet6.empty()) {
    std::string_view line = TakeLine(&if_inet6);
    if (const auto address = BytesV6(TakeWord(&line))) out.push_back({*address, 128});
  }
  return out;
}

std::vector<Route> ParseRoutes(std::string_view route, std::string_view ipv6_route) {
  std::vector<Route> out;
  TakeLine(&route);  // the heading
  while (!route.empty()) {
    if (auto r = RouteV4(TakeLine(&route))) out.push_back(std::move(*r));
  }
  while (!ipv6_route.empty()) {
    if (auto r = RouteV6(TakeLine(&ipv6_route))) out.push_back(std::move(*r));
  }
  return out;
}

const Route* RouteTo(const IpAddress& peer, const std::vector<Route>& routes) {
  const Route* best = nullptr;
  for (const Route& r : routes) {
    if (peer.IsV4() != r.destination.address.IsV4() || !r.destination.Contains(peer)) continue;
    if (best == nullptr || r.destination.bits > best->destination.bits ||
        (r.destination.bits == best->destination.bits && r.metric < best->metric)) {
      best = &r;
    }
  }
  return best;
}

// "192.0.2.7  0x1  0x0  00:00:00:00:00:00  *  eth0": flags without ATF_COM (0x2), an entry that failed or is
// being resolved.
std::vector<IpAddress> ParseUnresolved(std::string_view arp) {
  std::vector<IpAddress> out;
  while (!arp.empty()) {
    std::string_view line = TakeLine(&arp);
    const auto address = IpAddress::Parse(TakeWord(&line));
    SkipWords(&line, 1);
    std::string_view flags = TakeWord(&line);
    if (!address || !flags.starts_with("0x")) continue;
    const auto bits = NumberOf(flags.substr(2), 16);
    if (bits && (*bits & 2) == 0) out.push_back(*address);
  }
  return out;
}

std::optional<ConntrackStat> ParseConntrackStat(std::string_view text) {
  std::string_view names = TakeLine(&text);
  int drop = -1;
  for (int i = 0; !names.empty(); ++i) {
    if (TakeWord(&names) == "drop") drop = i;
  }
  if (drop < 1 || text.empty()) return std::nullopt;
  ConntrackStat out;
  while (!text.empty()) {
    std::string_view line = TakeLine(&text);
    const auto entries = NumberOf(TakeWord(&line), 16);
    SkipWords(&line, drop - 1);
    const auto dropped = NumberOf(TakeWord(&line), 16);
    if (!entries || !dropped) continue;
    out.entries = *entries;  // the same on each line
    out.dropped += *dropped;
  }
  return out;
}

}  // namespace candor
