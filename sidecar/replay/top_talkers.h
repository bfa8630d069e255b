// SPDX-License-Identifier: Apache-2.0
//
// Which addresses speak most in a capture: to suggest the node's when the one given is not there. Bounded:
// beyond kMost distinct addresses further ones are not told apart. One thread.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "flow/address.h"

namespace candor {

class TopTalkers {
 public:
  static constexpr size_t kMost = 4096;

  struct Row {
    IpAddress address;
    uint64_t packets = 0;
  };

  void Note(const IpAddress& a);
  // The busiest first, private addresses (a server behind NAT, a container) before public ones of equal
  // count; at most `limit`.
  std::vector<Row> Busiest(size_t limit) const;

 private:
  std::unordered_map<IpAddress, uint64_t> packets_;
};

}  // namespace candor
