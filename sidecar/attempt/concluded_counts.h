// SPDX-License-Identifier: Apache-2.0
//
// How attempts came out and how long the good ones took, as totals since start: what a monitoring system
// wants to add up. Attempts that began before Candor did are in neither. Plain values.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "attempt/attempt_event.h"
#include "flow/flow.h"

namespace candor {

// Every attempt once, when it first came out, so that these only grow: one that becomes active after it was
// concluded as stalled stays stalled here, and an early drop stays active. AttemptCounts::late and early_drop
// count both besides: active altogether are those here and the late ones.
class ConcludedCounts {
 public:
  static constexpr size_t kOutcomes = 8, kPhases = 6, kSides = 4;

  void Add(Outcome outcome, Phase farthest, WaitingOn waiting_on) {
    ++at_[Index(outcome, farthest, waiting_on)];
  }
  uint64_t at(Outcome outcome, Phase farthest, WaitingOn waiting_on) const {
    return at_[Index(outcome, farthest, waiting_on)];
  }

 private:
  static constexpr size_t Index(Outcome outcome, Phase phase, WaitingOn waiting_on) {
    return (static_cast<size_t>(outcome) * kPhases + static_cast<size_t>(phase)) * kSides +
           static_cast<size_t>(waiting_on);
  }
  std::array<uint64_t, kOutcomes * kPhases * kSides> at_{};
};

// From the first packet of an attempt until it became active, late ones included.
struct SetupTimes {
  using Ms = std::chrono::milliseconds;
  // Upper bounds, inclusive: dense around what people notice and around the protocols' timers.
  static constexpr std::array<Duration, 12> kBounds = {Ms(50),   Ms(100),  Ms(200),  Ms(350),
                                                       Ms(500),  Ms(750),  Ms(1000), Ms(2000),
                                                       Ms(3000), Ms(5000), Ms(8000), Ms(10000)};
  std::array<uint64_t, kBounds.size() + 1> in{};  // the last: beyond every bound
  Duration sum{};

  void Add(Duration taken) {
    size_t bucket = 0;
    while (bucket < kBounds.size() && taken > kBounds[bucket]) ++bucket;
    ++in[bucket];
    sum += taken;
  }
};

}  // namespace candor
