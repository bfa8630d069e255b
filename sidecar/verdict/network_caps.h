// SPDX-License-Identifier: Apache-2.0
//
// One network, one vote: of what each client network adds to the node's sum since that sum last stood at
// zero, only the part below the cap passes, so that four networks must agree before there is an alarm. What
// a network fails far beyond the cap is remembered, up to three caps, even when the sum returns to zero: a
// network that is broken by itself must first show as many successes before it is heard again. Pure value.
#pragma once

#include <array>
#include <bitset>

#include "evidence/client_networks.h"
#include "verdict/severities.h"

namespace candor {

class NetworkCaps {
 public:
  // What of `x` the node's sum may take. A success passes in full unless it only wears off what the cap
  // held back.
  Float4 Pass(uint8_t bucket, Float4 x, Float4 cap) {
    Vote& v = of_[bucket];
    // Of a story told to its end nothing is left in the node's sum: it must not count against the next.
    const Float4 l = ((v.story == story_) | (v.sum > cap * kBroken)) ? v.sum : Splat(0);
    const Float4 next = l + x;
    v.sum = Within(next, cap * 3);
    v.story = story_;
    broken_[bucket] = AnyAbove(v.sum, cap * kBroken);
    return Min(next, cap) - Min(l, cap);
  }

  // While the node's sum stands at zero, all stories have been told: what the networks have on record is
  // worth nothing any more, but of those that are broken by themselves.
  bool AnyBroken() const { return broken_.any(); }
  bool Broken(uint8_t bucket) const { return broken_[bucket]; }

  // What two or three networks at their caps have too much in the node's sum: they may well be one provider,
  // and together count for no more than two independent ones. Float4 are no accident.
  Float4 TooMuch(Float4 cap) const {
    Story broken{};
    for (const Vote& v : of_) broken -= (v.story == story_) & (v.sum >= cap);
    constexpr float kHalf = 0.5f;
    Float4 excess{};
    for (size_t j = 0; j < kSeverities; ++j) {
      if (broken[j] == 2 || broken[j] == 3) excess[j] = cap[j] * kHalf * static_cast<float>(broken[j] - 1);
    }
    return excess;
  }

  // The node's sum was `before` and is `after`: where it returned to zero, a new story begins.
  void Returned(Float4 before, Float4 after) { story_ -= (before > Splat(0)) & (after <= Splat(0)); }

 private:
  using Story = int32_t __attribute__((vector_size(16)));  // counted for each severity by itself
  static constexpr float kBroken = 1.5f;                   // caps
  struct Vote {
    Float4 sum{};
    Story story{};
  };
  std::array<Vote, kNetworkBuckets> of_{};
  Story story_{};
  std::bitset<kNetworkBuckets> broken_;  // beyond kBroken caps
};

}  // namespace candor
