// SPDX-License-Identifier: Apache-2.0
//
// The local ports at which this node has, or had, media sockets: what a stranger sends to any other port is
// no attempt. A server with a socket for each call binds ports of a range at random: with enough of them
// learned, the ports between belong to it. One thread. Tested in tests/attempt/lost_flows_test.cc.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstdint>

namespace candor {

class LearnedPorts {
 public:
  void Learn(uint16_t port) {
    if (ports_.test(port)) return;
    ports_.set(port);
    ++count_;
    lowest_ = std::min(lowest_, port);
    highest_ = std::max(highest_, port);
  }
  bool Has(uint16_t port) const {
    return ports_.test(port) || (count_ >= kRange && port >= lowest_ && port <= highest_);
  }

 private:
  static constexpr uint32_t kRange = 8;  // ports that show a range
  std::bitset<65536> ports_;
  uint32_t count_ = 0;
  uint16_t lowest_ = 65535, highest_ = 0;
};

}  // namespace candor
