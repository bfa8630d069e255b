// SPDX-License-Identifier: Apache-2.0
#include "attempt/relay_index.h"

#include <algorithm>

namespace candor {
namespace {

uint32_t HeadOf(const IpAddress& a) {
  if (a.IsV4()) return a.AsV4();
  uint32_t head = 0;
  for (size_t i = 0; i < 4; ++i) head = (head << 8) | a.bytes[i];
  return head;
}

}  // namespace

void RelayIndex::Bind(const RelayedAddresses& relayed, uint64_t attempt) {
  for (size_t family = 0; family < relayed.size(); ++family) {
    const RelayedAddress& r = relayed[family];
    if (r.port == 0) continue;
    auto& entries = by_port_[Key(family == 1, r.port)];
    // The same address again: a new allocation has the port.
    std::erase_if(entries, [&](const Entry& e) { return e.head == r.head || e.attempt == attempt; });
    entries.push_back({r.head, attempt});
  }
}

void RelayIndex::Retire(const RelayedAddresses& relayed, uint64_t attempt) {
  for (size_t family = 0; family < relayed.size(); ++family) {
    const auto it = by_port_.find(Key(family == 1, relayed[family].port));
    if (it == by_port_.end()) continue;
    std::erase_if(it->second, [&](const Entry& e) { return e.attempt == attempt; });
    if (it->second.empty()) by_port_.erase(it);
  }
}

uint64_t RelayIndex::Find(const Endpoint& local) const {
  if (by_port_.empty()) return 0;
  const auto it = by_port_.find(Key(!local.address.IsV4(), local.port));
  if (it == by_port_.end()) return 0;
  const uint32_t head = HeadOf(local.address);
  const auto exact =
      std::find_if(it->second.begin(), it->second.end(), [&](const Entry& e) { return e.head == head; });
  return exact == it->second.end() ? it->second.back().attempt : exact->attempt;
}

}  // namespace candor
