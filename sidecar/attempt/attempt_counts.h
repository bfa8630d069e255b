// SPDX-License-Identifier: Apache-2.0
//
// How many attempts there are and what became of them. Plain values.
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
// An attempt is real: the node answered it or checks it, or it is plain media past its probation. Attempts
// that began before Candor did count once their media shows, and plain calls of that time always.
//
// Not attempts: what nobody ever answered (`unanswered`: anybody can send it), and what an ICE restart or a
// bound took the place of while it was pending (`replaced`): the attempt that replaces it counts.
struct AttemptCounts {
  uint64_t attempts = 0;
  // Those that became active, whatever became of them later; `early_drop` and `late` are parts of it.
  uint64_t active = 0;
  std::array<uint64_t, 4> stalled{};  // by WaitingOn
  uint64_t left = 0, refused = 0, pending = 0;

  uint64_t early_drop = 0;  // active, and then the node fell silent
  uint64_t late = 0;  // active after they had been concluded as something else, which they no longer are

  uint64_t unanswered = 0, replaced = 0;
  uint64_t offered = 0;       // whatever began, a stranger's packets included
  uint64_t acknowledged = 0;  // acknowledged by the node
  uint64_t evicted = 0;       // made room at the bound; among `replaced` where they were pending

  std::array<uint64_t, 6> by_phase{};  // open ones by farthest phase
  ConcludedCounts concluded;
  SetupTimes setup;

  uint64_t AllStalled() const { return stalled[0] + stalled[1] + stalled[2] + stalled[3]; }
  // The law above. False is a fault of Candor's own.
  bool AddsUp() const {
    return attempts == active + AllStalled() + left + refused + pending && early_drop <= active &&
           late <= active;
  }
};

// Under what one attempt counts; nothing: under none.
struct CountedAs {
  std::optional<Outcome> outcome;
  WaitingOn waiting_on = WaitingOn::kNone;
};

// Takes an attempt from where it counts to `outcome`. An early drop stays active, and counts besides.
void Count(AttemptCounts* counts, CountedAs* as, Outcome outcome, WaitingOn waiting_on);

}  // namespace candor
