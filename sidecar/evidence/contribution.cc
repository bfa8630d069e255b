// SPDX-License-Identifier: Apache-2.0
#include "evidence/contribution.h"

namespace candor {
namespace {

constexpr Contribution kNeutral{};
constexpr Contribution kFor{Contribution::Kind::kSuccess, 1};

Contribution Against(float weight = 1) { return {Contribution::Kind::kFailure, weight}; }
Contribution Pending(float weight = 1) { return {Contribution::Kind::kPending, weight}; }

// Left, replaced or never honoured: it never counted.
bool Withdrawn(const AttemptRecord& r) {
  return r.outcome == Outcome::kLeft || r.outcome == Outcome::kReplaced || r.outcome == Outcome::kUnanswered;
}

bool LeftWithNothingOpen(const AttemptRecord& r) {
  return r.attributed && !r.peer_alive && r.waiting_on != WaitingOn::kNode;
}

// Where the source says who owes, a debt that is not the node's or the path's is weak evidence: most of
// them are clients that gave up half-way.
float WeightOf(const AttemptRecord& r, const ContributionOptions& o) {
  if (r.waiting_on == WaitingOn::kPeer) return o.peer_weight;
  return r.attributed && r.waiting_on == WaitingOn::kNone ? o.peer_weight : 1.0f;
}

Contribution PendingOrLate(const AttemptRecord& r, Time now, const ContributionOptions& o) {
  const float weight = WeightOf(r, o);
  const Duration age = now - r.start;
  if (age >= o.deadline) return Against(weight);
  // A client that leaves after everything was answered is recognised by its silence only; until then it
  // looks like a failure, so it does not testify yet.
  const bool may_be_leaving =
      r.attributed && (r.waiting_on == WaitingOn::kNone || r.waiting_on == WaitingOn::kPeer);
  if (may_be_leaving && age < o.leave_grace) return kNeutral;
  return Pending(weight);
}

Contribution NeverActive(const AttemptRecord& r, Time now, const ContributionOptions& o) {
  if (!r.acknowledged) return kNeutral;
  if (Withdrawn(r)) return kNeutral;
  if (r.outcome == Outcome::kRefused) return Against(o.peer_weight);
  if (r.outcome == Outcome::kStalled) return Against(WeightOf(r, o));
  if (LeftWithNothingOpen(r)) return kNeutral;
  return PendingOrLate(r, now, o);
}

Contribution NeverActiveAlive(const AttemptRecord& r, Time now, const ContributionOptions& o) {
  if (!r.acknowledged || !r.attributed) return kNeutral;
  if (Withdrawn(r) || r.outcome == Outcome::kRefused) return kNeutral;
  if (r.outcome == Outcome::kStalled) return Against(WeightOf(r, o));
  return r.peer_alive ? PendingOrLate(r, now, o) : kNeutral;
}

// Its handshake is complete, nothing is waiting_on and neither side has sent anything: a client that waits,
// of a room that waits for its host, say. When it begins at last it is not late at once: the node may owe
// from then on.
bool Quiet(const AttemptRecord& r) {
  constexpr Duration kAtOnce = std::chrono::seconds(2);  // a client that has something to send sends it
  if (!r.attributed || !r.media_known || r.waiting_on != WaitingOn::kNone || r.phase < Phase::kSecured)
    return false;
  return r.media == 0 || r.media_at - r.start > kAtOnce;
}

// Clients that leave come between others that succeed, and a success weighs more here than a failure: so
// nobody needs to be waited for. Those that are quiet come in rows, a whole room at once: they say nothing
// here.
Contribution NoneActive(const AttemptRecord& r, Time now, const ContributionOptions& o) {
  if (!r.acknowledged) return kNeutral;
  if (Withdrawn(r) || r.outcome == Outcome::kRefused || LeftWithNothingOpen(r) || Quiet(r)) return kNeutral;
  return r.outcome == Outcome::kStalled || now - r.start >= o.deadline ? Against() : Pending();
}

Contribution WaitingOnNode(const AttemptRecord& r) {
  if (!r.acknowledged) return kNeutral;
  if (Withdrawn(r) || r.outcome == Outcome::kRefused) return kNeutral;
  return r.waiting_on == WaitingOn::kNode ? Against() : kNeutral;
}

// Only setups that succeed are fast or slow; one that is still pending beyond the limit will be slow if it
// succeeds at all, and is taken back if it never does.
Contribution SlowSetup(const AttemptRecord& r, Time now, const ContributionOptions& o) {
  if (!r.acknowledged || o.slow == Duration::max()) return kNeutral;
  if (r.closed || r.expired || LeftWithNothingOpen(r)) return kNeutral;
  return now - r.start > o.slow ? Against() : kNeutral;
}

Contribution Frozen(const AttemptRecord& r, Time now, const ContributionOptions& o) {
  if (r.acknowledged) return kFor;
  if (r.outcome == Outcome::kUnanswered || r.waiting_on == WaitingOn::kNode) return Against();
  if (r.closed || r.attributed) return kNeutral;
  return now - r.start >= o.deadline ? Against() : Pending();
}

}  // namespace

std::string_view Name(Detector c) {
  switch (c) {
    case Detector::kWaitingOnNode:
      return "waiting_on_node";
    case Detector::kNeverActiveAlive:
      return "never_active_alive";
    case Detector::kNeverActive:
      return "never_active";
    case Detector::kEarlyDrop:
      return "early_drop";
    case Detector::kSlowSetup:
      return "slow_setup";
    case Detector::kFrozen:
      return "frozen";
    case Detector::kNoneActive:
      return "none_active";
    case Detector::kNoRtpToSenders:
      return "no_rtp_to_senders";
    case Detector::kNoDataToSenders:
      return "no_data_to_senders";
    case Detector::kLessRtpToSenders:
      return "less_rtp_to_senders";
    case Detector::kLessDataToSenders:
      return "less_data_to_senders";
    case Detector::kNoRtpOut:
      return "no_rtp_out";
    case Detector::kNoRtpIn:
      return "no_rtp_in";
    case Detector::kNoDataIn:
      return "no_data_in";
    case Detector::kSetupShift:
      return "setup_shift";
  }
  return "never_active";
}

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
      break;  // kEarlyDrop and what looks at active attempts
  }
  return kNeutral;
}

Contribution EarlyDropContribution(const AttemptRecord& r, Time now, const ContributionOptions& options) {
  if (r.outcome == Outcome::kEarlyDrop) return Against();
  if (r.outcome == Outcome::kReplaced) return kNeutral;
  if (r.closed || now - r.start >= options.early) return kFor;
  return Pending();
}

}  // namespace candor
