// SPDX-License-Identifier: Apache-2.0
//
// One network, one vote: each client network has a CUSUM of its own and passes only the part below the cap
// on to the node's, so that four networks must agree before there is an alarm. What it fails beyond the cap
// is remembered up to three caps: a network that is broken by itself must first show as many successes
// before it is heard again. Pure value.
#pragma once

#include <array>

#include "evidence/client_networks.h"
#include "verdict/severities.h"

namespace candor {

class NetworkVotes {
 public:
  // What of `x` the node's sum may take. A success passes in full unless it only wears off what the cap
  // held back.
  Four Pass(uint8_t bucket, Four x, Four cap) {
    Four& l = of_[bucket];
    const Four next = l + x;
    const Four passed = Min(next, cap) - Min(l, cap);
    l = Within(next, cap * 3);
    return passed;
  }

 private:
  std::array<Four, kNetworkBuckets> of_{};
};

}  // namespace candor
