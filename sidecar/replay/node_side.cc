// SPDX-License-Identifier: Apache-2.0
#include "replay/node_side.h"

#include <algorithm>
#include <cstring>

namespace candor {
namespace {

IpAddress Mapped(const uint8_t* v4) {
  IpAddress a;
  a.bytes[10] = a.bytes[11] = 0xff;
  std::memcpy(a.bytes.data() + 12, v4, 4);
  return a;
}

IpAddress Plain(const uint8_t* v6) {
  IpAddress a;
  std::memcpy(a.bytes.data(), v6, 16);
  return a;
}

}  // namespace

IpEnds EndsOf(std::span<const uint8_t> ip) {
  const uint8_t* p = ip.data();
  if (p[0] >> 4 == 4) return {Mapped(p + 12), Mapped(p + 16)};
  return {Plain(p + 8), Plain(p + 24)};
}

NodeSide::NodeSide(std::vector<IpAddress> node_addresses) : addresses_(std::move(node_addresses)) {
  std::sort(addresses_.begin(), addresses_.end());
  addresses_.erase(std::unique(addresses_.begin(), addresses_.end()), addresses_.end());
}

bool NodeSide::Has(const IpAddress& a) const {
  // A node has one address or a few; only a host with many is worth a binary search.
  if (addresses_.size() > 8) return std::binary_search(addresses_.begin(), addresses_.end(), a);
  return std::any_of(addresses_.begin(), addresses_.end(), [&](const IpAddress& mine) {
    return std::memcmp(mine.bytes.data(), a.bytes.data(), mine.bytes.size()) == 0;
  });
}

}  // namespace candor
