// SPDX-License-Identifier: Apache-2.0
//
// One possible cause with its measurement; private to the finder of causes. Values only.
// Tested in tests/verdict/cause_finder_test.cc.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "verdict/cause_codes.h"
#include "verdict/cause_evidence.h"

namespace candor {

struct CauseCandidate {
  CauseCode code = CauseCode::kNone;
  bool measured = false;
  std::string text;     // one sentence with figures
  bool settled = true;  // false: it cannot be told what it is; in words, without a code
};
using CauseCandidates = std::vector<CauseCandidate>;

inline bool Has(const CauseCandidates& all, CauseCode code) {
  return std::any_of(all.begin(), all.end(), [&](const CauseCandidate& c) { return c.code == code; });
}

// cause_drops.cc: drops that explain at least half of the failed attempts, most first.
CauseCandidates CausesByDrops(const CauseEvidence& e);
// A call finds too few descriptors, if any at all.
inline bool NoneLeft(const Descriptors& d) {
  constexpr uint64_t kOfOneCall = 4;
  return d.limit > 0 && d.used + kOfOneCall > d.limit;
}
// One sentence with the figures: used up, or nearly so.
std::string DescriptorsText(const Descriptors& d);
// cause_facts.cc: local facts that hold and can bring about the symptom.
CauseCandidates CausesByFacts(const CauseEvidence& e);
// What was read and is in order, or could not be read: one sentence each.
std::vector<std::string> FactsInOrder(const CauseEvidence& e);
// cause_shape.cc: what the failing attempts have in common; inferred.
CauseCandidates CausesByShape(const CauseEvidence& e);

}  // namespace candor
