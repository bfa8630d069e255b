// SPDX-License-Identifier: Apache-2.0
//
// Outcomes and set-up times of attempts as monotonic totals since start, for monitoring systems. Attempts
// older than Candor are in neither. Plain values.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "attempt/attempt_event.h"
#include "flow/flow.h"

namespace candor {

// Each attempt once, at its first outcome, so that these only grow: one that becomes active after it was
// concluded as stalled stays stalled here, and an early drop stays active. AttemptCounts::late and early_drop
// count these two cases: all that became active are the active ones here and the late ones.
class ConcludedCounts {
 public:
  static constexpr size_t kOutcomes = 8, kPhases = 6, kSides = 4;

  void Add(Outcome outcome, Phase farthest, WaitingOn waiting_on) {
    ++at_[Index(outcome, farthest, waiting_on)];
  }
  ConcludedCounts& operator+=(const ConcludedCounts& other) {
    for (size_t i = 0; i < at_.size(); ++i) at_[i] += other.at_[i];
    return *this;
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

// Histogram of the time from an attempt's first packet until it became active, late ones included.
struct SetupTimes {
  using Ms = std::chrono::milliseconds;
  // Upper bounds, inclusive: dense around perceptible delays and around the protocols' timers.
  static constexpr std::array<Duration, 12> kBounds = {Ms(50),   Ms(100),  Ms(200),  Ms(350),
                                                       Ms(500),  Ms(750),  Ms(1000), Ms(2000),
                                                       Ms(3000), Ms(5000), Ms(8000), Ms(10000)};
  std::array<uint64_t, kBounds.size() + 1> in{};  // the last: beyond every bound
  Duration sum{};

  SetupTimes& operator+=(const SetupTimes& other) {
    for (size_t i = 0; i < in.size(); ++i) in[i] += other.in[i];
    sum += other.sum;
    return *this;
  }
  void Add(Duration taken) {
    size_t bucket = 0;
    while (bucket < kBounds.size() && taken > kBounds[bucket]) ++bucket;
    ++in[bucket];
    sum += taken;
  }
};

}  // namespace candor
