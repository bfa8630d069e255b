// SPDX-License-Identifier: Apache-2.0
#include "evidence/contribution.h"

namespace candor {
namespace {

constexpr Contribution kNeutral{};
constexpr Contribution kSuccess{Contribution::Kind::kSuccess, 1};

Contribution Failure(float weight = 1) { return {Contribution::Kind::kFailure, weight}; }
Contribution Pending(float weight = 1) { return {Contribution::Kind::kPending, weight}; }

// Left, replaced or never acknowledged: no evidence.
bool Withdrawn(const AttemptRecord& r) {
  return r.outcome == Outcome::kLeft || r.outcome == Outcome::kReplaced || r.outcome == Outcome::kUnanswered;
}

bool LeftWithNothingOpen(const AttemptRecord& r) {
  return r.attributed && !r.peer_alive && r.waiting_on != WaitingOn::kNode;
}

// With a source that reports which side is waited on, a failure that waits on neither node nor path is weak
// evidence: most of these clients gave up half-way.
float WeightOf(const AttemptRecord& r, const ContributionOptions& o) {
  if (r.waiting_on == WaitingOn::kPeer) return o.peer_weight;
  return r.attributed && r.waiting_on == WaitingOn::kNone ? o.peer_weight : 1.0f;
}

Contribution PendingOrLate(const AttemptRecord& r, Time now, const ContributionOptions& o) {
  const float weight = WeightOf(r, o);
  const Duration age = now - r.start;
  if (age >= o.deadline) return Failure(weight);
  // A client that leaves with everything answered shows by its silence only; until then it looks like a
  // failure, so it is not evidence yet.
  const bool may_be_leaving =
      r.attributed && (r.waiting_on == WaitingOn::kNone || r.waiting_on == WaitingOn::kPeer);
  if (may_be_leaving && age < o.leave_grace) return kNeutral;
  return Pending(weight);
}

Contribution NeverActive(const AttemptRecord& r, Time now, const ContributionOptions& o) {
  if (!r.acknowledged) return kNeutral;
  if (Withdrawn(r)) return kNeutral;
  if (r.outcome == Outcome::kRefused) return Failure(o.peer_weight);
  if (r.outcome == Outcome::kStalled) return Failure(WeightOf(r, o));
  if (LeftWithNothingOpen(r)) return kNeutral;
  return PendingOrLate(r, now, o);
}

Contribution NeverActiveAlive(const AttemptRecord& r, Time now, const ContributionOptions& o) {
  if (!r.acknowledged || !r.attributed) return kNeutral;
  if (Withdrawn(r) || r.outcome == Outcome::kRefused) return kNeutral;
  if (r.outcome == Outcome::kStalled) return Failure(WeightOf(r, o));
  return r.peer_alive ? PendingOrLate(r, now, o) : kNeutral;
}

// Its handshake is complete, no side is waited on and neither has sent media: for example a participant who
// waits for the meeting's host. When media begins late, the node's time begins only then.
bool Quiet(const AttemptRecord& r) {
  constexpr Duration kAtOnce = std::chrono::seconds(2);  // a client with media to send has sent it by then
  if (!r.attributed || !r.media_known || r.waiting_on != WaitingOn::kNone || r.phase < Phase::kSecured)
    return false;
  return r.media == 0 || r.media_at - r.start > kAtOnce;
}

// Without a grace for leaving clients: they come between others that succeed, and here a success weighs more
// than a failure. Quiet ones come in runs, a whole meeting at once, and are no evidence. A client that
// refuses the node's handshake is one that fails: where others come up it is refuted, and where clients of
// four networks refuse and nobody comes up, what they refuse is the node's (its certificate). One that ends
// after its handshake has been hung up: a meeting whose host does not come.
Contribution NoneActive(const AttemptRecord& r, Time now, const ContributionOptions& o) {
  if (!r.acknowledged) return kNeutral;
  if (r.outcome == Outcome::kRefused) return r.phase < Phase::kSecured ? Failure() : kNeutral;
  if (Withdrawn(r) || LeftWithNothingOpen(r) || Quiet(r)) return kNeutral;
  return r.outcome == Outcome::kStalled || now - r.start >= o.deadline ? Failure() : Pending();
}

Contribution WaitingOnNode(const AttemptRecord& r) {
  if (!r.acknowledged) return kNeutral;
  if (Withdrawn(r) || r.outcome == Outcome::kRefused) return kNeutral;
  return r.waiting_on == WaitingOn::kNode ? Failure() : kNeutral;
}

// Only set-ups that succeed are fast or slow: one still pending beyond the limit counts as slow until it ends
// without success.
Contribution SlowSetup(const AttemptRecord& r, Time now, const ContributionOptions& o) {
  if (!r.acknowledged || o.slow == Duration::max()) return kNeutral;
  if (r.closed || r.expired || LeftWithNothingOpen(r)) return kNeutral;
  return now - r.start > o.slow ? Failure() : kNeutral;
}

Contribution Frozen(const AttemptRecord& r, Time now, const ContributionOptions& o) {
  if (r.acknowledged) return kSuccess;
  if (!r.at_socket && !o.lost_counts) return kNeutral;
  if (r.outcome == Outcome::kUnanswered || r.waiting_on == WaitingOn::kNode) return Failure();
  if (r.closed || r.attributed) return kNeutral;
  return now - r.start >= o.deadline ? Failure() : Pending();
}

}  // namespace

Contribution ContributionOfInactive(Detector detector, const AttemptRecord& r, Time now,
                                    const ContributionOptions& options) {
  switch (detector) {
    case Detector::kWaitingOnNode:
      return WaitingOnNode(r);
    case Detector::kNeverActiveAlive:
      return NeverActiveAlive(r, now, options);
    case Detector::kNeverActive:
      return NeverActive(r, now, options);
    case Detector::kFrozen:
      return Frozen(r, now, options);
    case Detector::kNoneActive:
      return NoneActive(r, now, options);
    case Detector::kSlowSetup:
      return SlowSetup(r, now, options);
    default:
      break;  // kEarlyDrop and the detectors of active attempts
  }
  return kNeutral;
}

Contribution EarlyDropContribution(const AttemptRecord& r, Time now, const ContributionOptions& options) {
  if (r.outcome == Outcome::kEarlyDrop) return Failure();
  if (r.outcome == Outcome::kReplaced) return kNeutral;
  if (r.closed || now - r.start >= options.early) return kSuccess;
  return Pending();
}

}  // namespace candor
