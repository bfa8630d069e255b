// SPDX-License-Identifier: Apache-2.0
#include "status/effective_answer.h"

namespace candor {
namespace {

// The first second or so after a start.
bool IsTransient(const Blindness& blindness) {
  return blindness.code == "starting" || blindness.code == "loading" || blindness.code == "catching_up";
}

}  // namespace

Verdict WithBlindness(Verdict verdict, const Blindness& blindness, Time blind_since) {
  if (!blindness.blind() || verdict.state == State::kDraining) return verdict;
  if (verdict.state == State::kFailing && IsTransient(blindness)) return verdict;
  verdict.state = State::kBlind;
  verdict.reason = blindness.code;
  verdict.detail = blindness.text;
  verdict.remediation.clear();  // the blindness's own is in its text
  verdict.cause = {};
  verdict.since = blind_since;
  return verdict;
}

bool IsObserving(const SourceHealth& source) { return !source.kind.empty() && !source.blindness.blind(); }

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
