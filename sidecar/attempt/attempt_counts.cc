// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt_counts.h"

namespace candor {
namespace {

struct Counter {
  uint64_t* count;
  bool attempt;  // included in `attempts`
};

Counter CounterOf(AttemptCounts* c, Outcome outcome, WaitingOn waiting_on) {
  switch (outcome) {
    case Outcome::kPending:
      return {&c->pending, true};
    case Outcome::kActive:
    case Outcome::kEarlyDrop:
      return {&c->active, true};
    case Outcome::kStalled:
      return {&c->stalled.at(static_cast<size_t>(waiting_on)), true};
    case Outcome::kLeft:
      return {&c->left, true};
    case Outcome::kRefused:
      return {&c->refused, true};
    case Outcome::kUnanswered:
      return {&c->unanswered, false};
    case Outcome::kReplaced:
      break;
  }
  return {&c->replaced, false};
}

}  // namespace

AttemptCounts& AttemptCounts::operator+=(const AttemptCounts& o) {
  attempts += o.attempts, active += o.active, left += o.left, refused += o.refused, pending += o.pending;
  early_drop += o.early_drop, late += o.late, unanswered += o.unanswered, replaced += o.replaced;
  offered += o.offered, acknowledged += o.acknowledged, evicted += o.evicted;
  for (size_t i = 0; i < stalled.size(); ++i) stalled[i] += o.stalled[i];
  for (size_t i = 0; i < by_phase.size(); ++i) by_phase[i] += o.by_phase[i];
  for (size_t i = 0; i < lost_here.size(); ++i) lost_here[i] += o.lost_here[i];
  lost_refused += o.lost_refused;
  concluded += o.concluded;
  setup += o.setup;
  return *this;
}

void Count(AttemptCounts* counts, CountedAs* as, Outcome outcome, WaitingOn waiting_on) {
  if (as->outcome) {
    const Counter before = CounterOf(counts, *as->outcome, as->waiting_on);
    --*before.count;
    counts->attempts -= before.attempt ? 1 : 0;
  }
  const Counter now = CounterOf(counts, outcome, waiting_on);
  ++*now.count;
  counts->attempts += now.attempt ? 1 : 0;
  if (outcome == Outcome::kEarlyDrop && as->outcome != Outcome::kEarlyDrop) ++counts->early_drop;
  *as = {outcome, waiting_on};
}

}  // namespace candor
