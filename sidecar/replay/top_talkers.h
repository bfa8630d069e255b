// SPDX-License-Identifier: Apache-2.0
//
// Packets by address, for suggestions when --node is not in the capture. Bounded: after the first
// kMaxAddresses, further addresses are not counted. One thread.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "flow/address.h"

namespace candor {

class TopTalkers {
 public:
  static constexpr size_t kMaxAddresses = 4096;

  struct Row {
    IpAddress address;
    uint64_t packets = 0;
  };

  void Add(const IpAddress& a);
  // At most `limit` rows, most packets first; of equal counts private addresses (a server behind NAT, a
  // container) before public ones.
  std::vector<Row> Top(size_t limit) const;

 private:
  std::unordered_map<IpAddress, uint64_t> packets_;
};

}  // namespace candor
