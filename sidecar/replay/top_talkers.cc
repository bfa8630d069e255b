// SPDX-License-Identifier: Apache-2.0
#include "replay/top_talkers.h"

#include <algorithm>

namespace candor {

void TopTalkers::Add(const IpAddress& a) {
  const auto known = packets_.find(a);
  if (known != packets_.end()) {
    ++known->second;
  } else if (packets_.size() < kMaxAddresses) {
    packets_.emplace(a, 1);
  }
}

std::vector<TopTalkers::Row> TopTalkers::Top(size_t limit) const {
  std::vector<Row> rows;
  rows.reserve(packets_.size());
  for (const auto& [address, packets] : packets_) rows.push_back({address, packets});
  const auto before = [](const Row& a, const Row& b) {
    if (a.packets != b.packets) return a.packets > b.packets;
    if (a.address.IsPrivate() != b.address.IsPrivate()) return a.address.IsPrivate();
    return a.address < b.address;
  };
  std::sort(rows.begin(), rows.end(), before);
  if (rows.size() > limit) rows.resize(limit);
  return rows;
}

}  // namespace candor
