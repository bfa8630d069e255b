// SPDX-License-Identifier: Apache-2.0
//
// From how many client networks the usual traffic comes: with fewer than four, no alarm can ever pass the
// caps, and the operator must be told so. Pure; one thread.
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
    seen_[n.bucket] = true;
  }
  int Lately(Time now) const { return Since(now - kLately); }
  // Those that were counted at `then` or later, but for `without`.
  int Since(Time then, const std::bitset<kNetworkBuckets>& without = {}) const {
    int many = 0;
    for (size_t i = 0; i < kNetworkBuckets; ++i) {
      many += seen_[i] && last_[i] >= then && !without[i] ? 1 : 0;
    }
    return many;
  }

 private:
  static constexpr Duration kLately = std::chrono::hours(2);
  std::array<Time, kNetworkBuckets> last_{};
  std::array<bool, kNetworkBuckets> seen_{};
};

}  // namespace candor
