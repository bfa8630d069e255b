// SPDX-License-Identifier: Apache-2.0
#include "verdict/cause_keeper.h"

#include <algorithm>

namespace candor {
namespace {

// Facts are a picture of a moment.
constexpr Duration kFresh = std::chrono::seconds(5);
// Checks are repeated every 500 ms and less often (RFC 8445 section 14.3); readings come once a second.
constexpr Duration kGoesOn = std::chrono::seconds(3);

Symptom SymptomOf(Detector d) {
  if (d == Detector::kMediaNotReceived) return Symptom::kNotReceived;
  return d == Detector::kFrozen || d == Detector::kWaitingOnNode ? Symptom::kNodeSilent : Symptom::kNotActive;
}

int Certainty(const Cause& c) { return c.code.empty() ? 0 : c.measured ? 2 : 1; }

// Attempts stay away, and nothing tells why.
bool Ceased(State state, const Findings& f) {
  return state == State::kUnknown && f.unknown_cause == UnknownCause::kCeased;
}

// A server whose process was seen to be gone is seen to restart again and again a little later.
bool IsRootOf(const Cause& found, const Cause& kept) {
  return found.measured && BringsAbout(CauseCodeOf(found.code), CauseCodeOf(kept.code));
}

}  // namespace

Symptom SymptomOf(State state, const Findings& f) {
  if (state == State::kFailing && (f.joins || f.fault)) return Symptom::kNothingArrives;
  if (state == State::kFailing) return SymptomOf(f.alarm.value_or(f.doubtful));
  if (Ceased(state, f)) return Symptom::kNothingArrives;
  if (state != State::kDegraded) return Symptom::kNone;
  switch (f.harm) {
    case Harm::kFlood:
    case Harm::kUnanswered:
    case Harm::kUnansweredIdle:
    case Harm::kPartlyUnanswered:
      return Symptom::kNodeSilent;
    case Harm::kJoinsWithoutMedia:
    case Harm::kLocalFault:
      return Symptom::kNothingArrives;
    case Harm::kReceiveDrops:
      return Symptom::kReceiveLoss;
    case Harm::kFailedSends:
      return Symptom::kSendLoss;
    case Harm::kMediaNotReceived:
      return Symptom::kNotReceived;
    case Harm::kSlowSetup:
      return Symptom::kSlow;
    case Harm::kRefusesAll:
    case Harm::kMediaMissing:
    case Harm::kCallsMuted:
      return Symptom::kNotActive;
    case Harm::kTooFewSources:
    case Harm::kTrustedAlone:
    case Harm::kUnexplained:
      return SymptomOf(f.harmed);
    case Harm::kNone:
      break;
  }
  return f.doubt ? SymptomOf(f.doubtful) : Symptom::kNotActive;
}

const Cause& CauseKeeper::Update(const Verdict& v, const Findings& f, Time now) {
  if (v.state == State::kProbation) return cause_;  // that of the alarm
  Symptom symptom = SymptomOf(v.state, f);
  const bool lost_before_socket = v.reason == "dropped_here" && v.dropped.reason.direction == CANDOR_IN;
  if (symptom != Symptom::kNone && lost_before_socket) symptom = Symptom::kNothingArrives;
  if (symptom == Symptom::kNone) {
    cause_ = {};
    symptom_ = symptom, state_ = v.state;
    return cause_;
  }
  // DEGRADED that becomes FAILING keeps what was measured, where it can still be the cause.
  const bool fresh = symptom != symptom_ || v.state != state_;
  if (fresh) {
    if (symptom != symptom_) cause_ = {};
    symptom_ = symptom, state_ = v.state, began_ = now;
    window_ = now - std::max<Duration>(v.window, std::chrono::seconds(1));
  }
  if (v.state == State::kFailing && now > began_ + kRefine) return cause_;
  if (v.state == State::kDegraded) window_ = now - std::max<Duration>(v.window, std::chrono::seconds(1));
  if (Ceased(v.state, f)) return cause_ = OfCeased(f.measured.arrivals, v, now);
  Cause found = FindCause(Evidence(symptom, v, now));
  // Of attempts whose own packets were read as dropped the finder names what is behind the drops, at most.
  if (!v.cause.code.empty() && found.code.empty()) found = v.cause;
  if (cause_.empty() || Certainty(found) > Certainty(cause_) || IsRootOf(found, cause_) ||
      (Certainty(found) == Certainty(cause_) && found.code == cause_.code)) {
    cause_ = std::move(found);
  }
  return cause_;
}

// Callers may just have gone home: what would be a cause of a fault is none of that. Only that nothing on
// this node explains it is said, where all was read.
Cause CauseKeeper::OfCeased(const ArrivalGap& gap, const Verdict& v, Time now) {
  window_ = gap.last;
  CauseEvidence e = Evidence(Symptom::kNothingArrives, v, now);
  e.failed = static_cast<uint64_t>(std::max(1.0, gap.expected));
  Cause found = FindCause(e);
  return CauseCodeOf(found.code) == CauseCode::kNoArrivalsUnknown ? found : Cause{};
}

CauseEvidence CauseKeeper::Evidence(Symptom symptom, const Verdict& v, Time now) const {
  CauseEvidence e;
  e.symptom = symptom;
  e.failed = v.failed;
  e.window = now - window_;
  e.dropped = drops_.Since(window_);
  e.drops_known = drops_.KnownSince(window_);
  // Clients that get nowhere go on sending: what was dropped for a moment, as while a server restarts, is of
  // others.
  if (symptom == Symptom::kNothingArrives) {
    const DropSums lately = drops_.AllSince(now - kGoesOn);
    ForEachDrop([&](candor_dir d, candor_drop_reason r) {
      if (lately.at(d).at(r) == 0) e.dropped.at(d).at(r) = 0;
    });
  }
  e.shape = shape_;
  const LostReason lost = v.dropped.reason;
  if (lost.reason < CANDOR_DROP_MAX && 2 * v.dropped.of_reason >= v.failed && v.dropped.of_reason > 0) {
    e.lost_known = true;
    e.lost.at(lost.direction).at(lost.reason) = v.dropped.of_reason;
  }
  if (facts_.read() && now <= facts_.at + kFresh) e.facts = facts_;
  return e;
}

void CauseKeeper::Restore(const Cause& cause, const Verdict& v, const Findings& f, Time now) {
  cause_ = cause;
  symptom_ = SymptomOf(v.state, f), state_ = v.state;
  began_ = now - kRefine;
}

}  // namespace candor
