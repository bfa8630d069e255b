// SPDX-License-Identifier: Apache-2.0
//
// Counters of attempts and their outcomes. Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "attempt/attempt_event.h"
#include "attempt/concluded_counts.h"
#include "flow/flow.h"

namespace candor {

// Since start. Every attempt counts under exactly one outcome at any time, so that
//
//   attempts = active + stalled (all sides) + left + refused + pending
//
// It counts as an attempt once the node has answered it or sends checks to it, or once its plain media is
// past its probation. Attempts older than Candor count once their media shows, plain calls of that time
// always.
//
// Not attempts: what the node never answered (`unanswered`: it can be forged), and what was replaced while it
// was pending, by an ICE restart or at the bound (`replaced`): the attempt that replaces it counts.
struct AttemptCounts {
  uint64_t attempts = 0;
  // Became active, whatever followed; includes `early_drop` and `late`.
  uint64_t active = 0;
  std::array<uint64_t, 4> stalled{};  // by WaitingOn
  uint64_t left = 0, refused = 0, pending = 0;

  uint64_t early_drop = 0;  // active, and then the node fell silent
  uint64_t late = 0;        // active after another outcome, under which they no longer count

  uint64_t unanswered = 0, replaced = 0;
  uint64_t offered = 0;       // everything that began, forged packets included
  uint64_t acknowledged = 0;  // answered by the node
  uint64_t evicted = 0;       // removed at the bound; among `replaced` where they were pending

  // That ended, or fell silent early, while this node's kernel dropped what they waited for, by Index() of
  // the reason; forged ones included. Monotonic.
  std::array<uint64_t, kLostReasons> lost_here{};
  uint64_t lost_refused = 0;  // not opened at the bound AttemptOptions::max_lost

  std::array<uint64_t, 6> by_phase{};  // open ones by farthest phase
  ConcludedCounts concluded;
  SetupTimes setup;

  uint64_t AllLostHere() const {
    uint64_t sum = 0;
    for (const uint64_t n : lost_here) sum += n;
    return sum;
  }
  AttemptCounts& operator+=(const AttemptCounts& other);
  uint64_t AllStalled() const { return stalled[0] + stalled[1] + stalled[2] + stalled[3]; }
  // The invariant above; false is a bug.
  bool AddsUp() const {
    return attempts == active + AllStalled() + left + refused + pending && early_drop <= active &&
           late <= active;
  }
};

// The outcome that one attempt is counted under; nullopt: none.
struct CountedAs {
  std::optional<Outcome> outcome;
  WaitingOn waiting_on = WaitingOn::kNone;
};

// Moves an attempt from the outcome it is counted under to `outcome`. An early drop stays counted as active.
void Count(AttemptCounts* counts, CountedAs* as, Outcome outcome, WaitingOn waiting_on);

}  // namespace candor
