// SPDX-License-Identifier: Apache-2.0
#include "verdict/local_fault.h"

#include <algorithm>
#include <array>

#include "verdict/cause_candidate.h"

namespace candor {
namespace {

// What keeps new media away from a server that still accepts sessions.
constexpr std::array<CauseCode, 8> kKeepMediaAway = {CauseCode::kFrozen,
                                                     CauseCode::kOutOfMemory,
                                                     CauseCode::kRestartLoop,
                                                     CauseCode::kProcessGone,
                                                     CauseCode::kSocketGone,
                                                     CauseCode::kPortsExhausted,
                                                     CauseCode::kDescriptorsExhausted,
                                                     CauseCode::kAddressChanged};

}  // namespace

LocalFault LocalFaultOf(const LocalFacts& facts) {
  CauseEvidence e;
  e.symptom = Symptom::kNothingArrives;
  e.facts = facts;
  const CauseCandidates found = CausesByFacts(e);
  for (const CauseCode code : kKeepMediaAway) {
    const auto it = std::find_if(found.begin(), found.end(),
                                 [&](const CauseCandidate& c) { return c.code == code && c.measured; });
    if (it != found.end()) return {std::string(Name(code)), it->text, facts.at};
  }
  return {};
}

}  // namespace candor
