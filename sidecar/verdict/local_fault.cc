// SPDX-License-Identifier: Apache-2.0
#include "verdict/local_fault.h"

#include <algorithm>
#include <array>

#include "verdict/cause_candidate.h"

namespace candor {
namespace {

using enum CauseCode;

// What keeps new media away from a server that still accepts sessions.
constexpr std::array<CauseCode, 8> kKeepMediaAway = {
    kFrozen,     kOutOfMemory,    kRestartLoop,          kProcessGone,
    kSocketGone, kPortsExhausted, kDescriptorsExhausted, kAddressChanged};
constexpr uint32_t kLoop = 2;  // times that all of it ended: one restart is an operator's

// The cgroup of its newest socket is frozen, not one of those below it; or all processes are stopped.
bool AllFrozen(const LocalFacts& f) {
  const bool cgroup = f.frozen.known() && !f.frozen->empty() && f.cgroup.known() &&
                      (*f.frozen == *f.cgroup || !f.frozen->starts_with(*f.cgroup));
  const bool processes = f.processes.known() && f.processes->processes > 0 &&
                         f.processes->stopped.size() == f.processes->processes;
  return cgroup || processes;
}

bool AllGone(const LocalFacts& f) { return f.processes.known() && f.processes->processes == 0; }
// What has begun again has ended before, and may have ended once more.
bool AllReplaced(const LocalFacts& f) {
  return f.processes.known() &&
         f.processes->replaced + (AllGone(f) && f.processes->replaced > 0 ? 1 : 0) >= kLoop;
}

bool IsWhole(CauseCode code, const LocalFacts& f) {
  switch (code) {
    case kFrozen:
      return AllFrozen(f);
    case kOutOfMemory:
      return AllGone(f) || AllReplaced(f);
    case kRestartLoop:
      return AllReplaced(f);
    case kProcessGone:
      return true;
    default:
      return false;
  }
}

}  // namespace

LocalFault LocalFaultOf(const LocalFacts& facts) {
  CauseEvidence e;
  e.symptom = Symptom::kNothingArrives;
  e.facts = facts;
  LocalFault fault;
  fault.at = facts.at, fault.watched = facts.watch;
  fault.descriptors_read = facts.descriptors.known();
  if (fault.descriptors_read && NoneLeft(*facts.descriptors))
    fault.no_descriptors = DescriptorsText(*facts.descriptors);
  const CauseCandidates found = CausesByFacts(e);
  for (const CauseCode code : kKeepMediaAway) {
    const auto it = std::find_if(found.begin(), found.end(),
                                 [&](const CauseCandidate& c) { return c.code == code && c.measured; });
    if (it == found.end()) continue;
    fault.code = Name(code), fault.text = it->text;
    fault.whole = IsWhole(code, facts), fault.restarts = AllReplaced(facts);
    break;
  }
  return fault;
}

}  // namespace candor
