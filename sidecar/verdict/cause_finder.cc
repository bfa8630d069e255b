// SPDX-License-Identifier: Apache-2.0
//
// The order of precedence:
//
// 1. Packets of the failing attempts that the kernel dropped, of as many as half of them: nothing else is
//    needed to explain these, and the kernel's word about a packet is not an inference. Whatever else is odd
//    about the machine then stands beside it, at most.
// 2. But for three reasons a drop is itself a consequence, and the local fact behind it is the cause: a full
//    receive buffer or used-up UDP memory of a process that does not read; no socket, where the process has
//    ended or has closed it; netfilter's drop, where the connection tracking table is full.
// 3. Local facts that hold at the moment of the alarm and can bring the symptom about.
// 4. What the failing attempts have in common: inferred, for other causes have the same shape.
#include "verdict/cause_finder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "verdict/cause_candidate.h"

namespace candor {

using enum CauseCode;

bool BringsAbout(CauseCode a, CauseCode b) {
  if (b == kNotReading)
    return a == kFrozen || a == kBlockedDisk || a == kThrottled || a == kStarvedCpu || a == kOutOfMemory;
  if (b == kStarvedCpu) return a == kThrottled || a == kFrozen;  // throttled threads are runnable
  if (b == kThrottled || b == kBlockedDisk)
    return a == kFrozen;  // of cgroup v1: frozen threads are in state D
  if (b == kRestartLoop) return a == kOutOfMemory || a == kDescriptorsExhausted;
  if (b == kProcessGone) return a == kOutOfMemory || a == kRestartLoop;
  if (b == kSocketGone)
    return a == kOutOfMemory || a == kRestartLoop || a == kProcessGone || a == kAddressChanged;
  if (b == kSendQueueFull) return a == kDroppedNeighbour;
  if (b == kDroppedNoSocket)
    return a == kOutOfMemory || a == kRestartLoop || a == kProcessGone || a == kSocketGone;
  return false;
}

namespace {

// `fact` is what brings `drop` about, so the two do not contradict each other.
bool IsBehind(CauseCode fact, CauseCode drop) {
  switch (drop) {
    case kReceiveBuffer:
    case kUdpMemory:
      return fact == kFrozen || fact == kBlockedDisk || fact == kThrottled || fact == kStarvedCpu ||
             fact == kNotReading;
    case kDroppedNoSocket:
      return BringsAbout(fact, drop);
    case kDroppedNetfilterIn:
    case kDroppedNetfilterOut:
      return fact == kConntrackFull;
    case kDroppedNeighbour:
      // Without a route the kernel takes the peers of a socket that is bound to a device for neighbours on
      // its link, and asks for their link addresses in vain (ip_route_output_key_hash_rcu).
      return fact == kNoRoute;
    default:  // a full send queue is what comes of kDroppedQdisc
      return false;
  }
}

void KeepRoots(CauseCandidates* all) {
  const CauseCandidates every = *all;
  std::erase_if(*all, [&](const CauseCandidate& c) {
    return std::any_of(every.begin(), every.end(),
                       [&](const CauseCandidate& other) { return BringsAbout(other.code, c.code); });
  });
}

void AddAll(const CauseCandidates& candidates, std::vector<std::string>* chain) {
  for (const CauseCandidate& c : candidates) {
    chain->push_back((c.measured ? "measured: " : "inferred: ") + c.text);
  }
}

Cause Named(const CauseCandidate& c) {
  Cause out;
  if (c.settled) out.code = std::string(Name(c.code)), out.measured = c.measured;
  out.text = c.text;
  out.remediation = std::string(RemediationOf(c.code));
  return out;
}

// One is named; of several no code, and all in words.
Cause NamedOrBoth(const CauseCandidates& all) {
  if (all.size() == 1) return Named(all.front());
  Cause out;
  std::vector<std::string> texts;
  for (const CauseCandidate& c : all) texts.push_back(c.text);
  out.text = fmt::format("{} causes fit, and which it is cannot be told from here. {}", all.size(),
                         fmt::join(texts, " "));
  for (const CauseCandidate& c : all) {
    out.remediation += (out.remediation.empty() ? "" : " ") + std::string(RemediationOf(c.code));
  }
  return out;
}

CauseCandidates Behind(const CauseCandidates& facts, const CauseCandidates& drops) {
  CauseCandidates out;
  for (const CauseCandidate& f : facts) {
    const bool behind_all = std::all_of(drops.begin(), drops.end(),
                                        [&](const CauseCandidate& d) { return IsBehind(f.code, d.code); });
    if (behind_all) out.push_back(f);
  }
  return out;
}

// Whether it is known that the kernel dropped nothing in this direction, neither of the failed attempts nor
// beyond what is usual.
bool DropsNothing(const CauseEvidence& e, candor_dir direction) {
  bool any = false;
  ForEachDrop([&](candor_dir d, candor_drop_reason r) {
    any = any || (d == direction && (e.dropped.at(d).at(r) > 0 || (e.lost_known && e.lost.at(d).at(r) > 0)));
  });
  return e.drops_known && !any;
}

Cause NothingFound(const CauseEvidence& e) {
  Cause out;
  if (!e.facts.read()) return out;
  // It has begun again a moment ago: whether it stays cannot be told yet, and nothing is "in order".
  if (e.facts.processes.known() && e.facts.processes->replaced > 0) return out;
  if (e.symptom == Symptom::kNothingArrives && DropsNothing(e, CANDOR_IN)) {
    return Named(
        {kNoArrivalsUnknown, false,
         "Nothing on this node explains that clients stay away: the kernel counts no drops of theirs "
         "(those of an XDP program are not counted), and the media server's processes and sockets are "
         "in order as far as they were read."});
  }
  if (e.symptom == Symptom::kNotReceived && DropsNothing(e, CANDOR_OUT)) {
    return Named(
        {kLostBeyondNode, false,
         "Nothing on this node explains it: the kernel drops nothing of what the media server sends, "
         "so it is lost beyond this node."});
  }
  out.text = "No cause was found on this machine as far as it was read.";
  return out;
}

}  // namespace

Cause FindCause(const CauseEvidence& e) {
  if (e.symptom == Symptom::kNone) return {};
  const CauseCandidates drops = CausesByDrops(e);
  CauseCandidates facts = CausesByFacts(e);
  KeepRoots(&facts);
  const CauseCandidates shape = CausesByShape(e);
  Cause out;
  if (!drops.empty()) {
    const CauseCandidates behind = Behind(facts, drops);
    out = NamedOrBoth(behind.size() == 1 ? behind : drops);
  } else if (!facts.empty()) {
    out = NamedOrBoth(facts);
  } else if (!shape.empty()) {
    out = NamedOrBoth(shape);
  } else {
    out = NothingFound(e);
  }
  AddAll(drops, &out.chain);
  AddAll(facts, &out.chain);
  AddAll(shape, &out.chain);
  if (out.empty()) return {};
  if (drops.empty() && e.drops_known)
    out.chain.push_back("the kernel dropped no packets that would explain it");
  for (std::string& line : FactsInOrder(e)) out.chain.push_back(std::move(line));
  return out;
}

}  // namespace candor
