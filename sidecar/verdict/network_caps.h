// SPDX-License-Identifier: Apache-2.0
//
// The limit per network: of what each client network adds to the node's sum since that sum last stood at
// zero, only the part below the limit passes, so that four networks must agree before there is an alarm.
// Failures beyond it are remembered, up to kMostLimits: a network that fails by itself keeps its record when
// the sum returns to zero, and must show as many successes before its failures count again. Pure value. Four
// severities side by side.
#pragma once

#include <array>
#include <bitset>

#include "evidence/client_networks.h"
#include "verdict/rule_constants.h"
#include "verdict/severities.h"

namespace candor {

class NetworkCaps {
 public:
  // The part of `x`, from a network of `bucket`, that the node's sum takes. A success passes in full unless
  // it only wears off what the limit held back.
  Float4 Pass(uint8_t bucket, Float4 x, Float4 cap) {
    Network& n = of_[bucket];
    // What was added before the node's sum returned to zero is gone from it: it no longer counts.
    const Float4 l = ((n.epoch == epoch_) | (n.sum > cap * rule::kFailsByItself)) ? n.sum : Splat(0);
    const Float4 next = l + x;
    n.sum = Within(next, cap * rule::kMostLimits);
    n.epoch = epoch_;
    failing_[bucket] = AnyAbove(n.sum, cap * rule::kFailsByItself);
    return Min(next, cap) - Min(l, cap);
  }

  // Beyond kFailsByItself limits.
  bool AnyFailsByItself() const { return failing_.any(); }
  bool FailsByItself(uint8_t bucket) const { return failing_[bucket]; }

  // What two or three networks at their limit have too much in the node's sum: they may be one provider, and
  // count for no more than two independent ones. Four are no coincidence.
  Float4 ProviderExcess(Float4 cap) const {
    Epoch at_limit{};
    for (const Network& n : of_) at_limit -= (n.epoch == epoch_) & (n.sum >= cap);
    Float4 excess{};
    for (size_t j = 0; j < kSeverities; ++j) {
      if (at_limit[j] == 2 || at_limit[j] == 3)
        excess[j] = cap[j] * rule::kOneProvider * static_cast<float>(at_limit[j] - 1);
    }
    return excess;
  }

  // The node's sum was `before` and is `after`: a return to zero begins an epoch.
  void Returned(Float4 before, Float4 after) { epoch_ -= (before > Splat(0)) & (after <= Splat(0)); }

 private:
  using Epoch = int32_t __attribute__((vector_size(16)));  // returns to zero, for each severity
  struct Network {
    Float4 sum{};
    Epoch epoch{};
  };
  std::array<Network, kNetworkBuckets> of_{};
  Epoch epoch_{};
  std::bitset<kNetworkBuckets> failing_;
};

}  // namespace candor
