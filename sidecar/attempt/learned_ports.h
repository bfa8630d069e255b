// SPDX-License-Identifier: Apache-2.0
//
// The local ports at which this node has, or had, media sockets: what a stranger sends to any other port is
// no attempt. A server with a socket for each call binds ports of a range at random: with enough of them
// learned, the ports between belong to it, but not those between its range and an outlier, such as a TURN
// listener or another server. One thread. Tested in tests/attempt/learned_ports_test.cc.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace candor {

class LearnedPorts {
 public:
  void Learn(uint16_t port) {
    if (ports_.test(port)) return;
    ports_.set(port);
    sorted_.insert(std::lower_bound(sorted_.begin(), sorted_.end(), port), port);
  }
  bool Has(uint16_t port) const { return ports_.test(port) || IsBetween(port); }

 private:
  // The gap around the port is as long as those beside it are: of ports bound at random nearly all are.
  bool IsBetween(uint16_t port) const {
    if (sorted_.size() < kRange) return false;
    const auto above =
        static_cast<size_t>(std::lower_bound(sorted_.begin(), sorted_.end(), port) - sorted_.begin());
    if (above == 0 || above == sorted_.size()) return false;
    const size_t before = above < kRange / 2 ? 0 : above - kRange / 2;
    const size_t first = std::min(before, sorted_.size() - kRange);
    std::array<int, kRange - 1> gaps{};
    for (size_t i = 0; i < gaps.size(); ++i) gaps[i] = sorted_[first + i + 1] - sorted_[first + i];
    const auto median = gaps.begin() + gaps.size() / 2;
    std::nth_element(gaps.begin(), median, gaps.end());
    return sorted_[above] - sorted_[above - 1] <= kLongest * *median;
  }

  static constexpr size_t kRange = 8;  // ports that show a range
  static constexpr int kLongest = 10;  // times the median gap
  std::bitset<65536> ports_;
  std::vector<uint16_t> sorted_;
};

}  // namespace candor
