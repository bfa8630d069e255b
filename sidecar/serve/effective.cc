// SPDX-License-Identifier: Apache-2.0
#include "serve/effective.h"

namespace candor {

Verdict Shown(Verdict verdict, const Blindness& blindness, Time blind_since) {
  if (!blindness.blind() || verdict.state == State::kDraining) return verdict;
  verdict.state = State::kBlind;
  verdict.reason = blindness.code;
  verdict.detail = blindness.text;
  verdict.cure.clear();  // the cure of the blindness is in its text; the verdict's own no longer applies
  verdict.since = blind_since;
  return verdict;
}

bool Sees(const SourceHealth& source) { return !source.kind.empty() && !source.blindness.blind(); }

bool EffectiveServing(State state, const SelfReport& self, BlindPolicy policy) {
  switch (state) {
    case State::kHealthy:
    case State::kDegraded:
    case State::kProbation:
    case State::kUnknown:
      return self.serving();
    case State::kBlind:
      return policy == BlindPolicy::kFollowSelf && self.serving();
    case State::kFailing:
    case State::kDraining:
      return false;
  }
  return false;
}

}  // namespace candor
