// SPDX-License-Identifier: Apache-2.0
//
// An attempt that is not forgotten yet, and what is remembered beside it. Plain value.
#pragma once

#include <cstdint>
#include <map>

#include "attempt/attempt.h"
#include "attempt/attempt_counts.h"
#include "attempt/plain_calls.h"

namespace candor {

struct OpenAttempt {
  Attempt attempt;
  Time next_look{};
  Phase counted_as = Phase::kNone;      // among the open ones by phase
  Phase reported_phase = Phase::kNone;  // what the judge last heard of it
  uint8_t reported_media = 0;           // MediaBits that it last heard of
  CountedAs counted{};                  // under which outcome; none: it is no attempt yet
  Time offered_at{};                    // since when it counts as offered
  bool offered = false;                 // reported_phase the judge
  bool acknowledged = false;
  bool active = false;
  bool closed = false;      // reported_phase the judge that it is over, or that it died
  bool suppressed = false;  // began before Candor did: the judge never hears of it
  bool is_new = false;      // an older one would have shown itself before (AttemptOptions::alive)
  bool surely_new = false;  // the same, even if some of its checks were lost (AttemptOptions::consent)
  bool near_start = false;  // first seen so soon after the start that a plain call may be an old one
  bool carries = false;     // an allocation that carries another attempt of this node: that one counts
  bool young = false;       // active, and a drop would still be an early one
  PlainCall call{};
  Outcome outcome = Outcome::kPending;
  WaitingOn waiting_on = WaitingOn::kNone;
  bool alive = true;
};

using OpenAttempts = std::map<uint64_t, OpenAttempt>;  // by id: in order of first packet

// Plain calls need no beginning: those that may be older than Candor are suppressed by their time.
inline bool SeenToBegin(const OpenAttempt& o) {
  return o.is_new || o.attempt.bare() || o.attempt.seen_to_begin();
}

// And is evidence. Pairs in use are many: of a thousand a few lose the check that would have shown them in
// time.
inline bool SurelyBegan(const OpenAttempt& o) {
  return o.surely_new || o.attempt.bare() || o.attempt.seen_to_begin() || (o.is_new && o.attempt.triggered());
}

// Shown to people as one that began before.
inline bool BeganBefore(const OpenAttempt& o) {
  return o.suppressed || (!SeenToBegin(o) && o.attempt.acknowledged());
}

}  // namespace candor
