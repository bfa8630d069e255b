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
