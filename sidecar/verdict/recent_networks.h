// SPDX-License-Identifier: Apache-2.0
//
// When an event of each client network was last counted. Pure; one thread.
// Tested in tests/verdict/network_caps_test.cc.
#pragma once

#include <array>
#include <bitset>

#include "base/time.h"
#include "evidence/client_networks.h"

namespace candor {

class RecentNetworks {
 public:
  void Count(const ClientNetwork& n, Time at) {
    last_[n.bucket] = at;
    counted_[n.bucket] = true;
  }
  // Networks counted within two hours: those that are usual.
  int Recent(Time now) const { return Since(now - kRecent); }
  // Networks counted at `then` or later, except `without`.
  int Since(Time then, const std::bitset<kNetworkBuckets>& without = {}) const {
    int n = 0;
    for (size_t i = 0; i < kNetworkBuckets; ++i) {
      n += counted_[i] && last_[i] >= then && !without[i] ? 1 : 0;
    }
    return n;
  }

 private:
  static constexpr Duration kRecent = std::chrono::hours(2);
  std::array<Time, kNetworkBuckets> last_{};
  std::array<bool, kNetworkBuckets> counted_{};
};

}  // namespace candor
