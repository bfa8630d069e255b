// SPDX-License-Identifier: Apache-2.0
#include "evidence/stance.h"

namespace candor {
namespace {

constexpr Stance kSilent{};
constexpr Stance kFor{Stance::Kind::kForNode, 1};

Stance Against(float weight = 1) { return {Stance::Kind::kAgainstNode, weight}; }
Stance Pending(float weight = 1) { return {Stance::Kind::kPending, weight}; }

// Left, replaced or never honoured: it never counted.
bool Withdrawn(const AttemptRecord& r) {
  return r.outcome == Outcome::kLeft || r.outcome == Outcome::kReplaced || r.outcome == Outcome::kUnanswered;
}

bool GoneWithoutDebt(const AttemptRecord& r) {
  return r.attributed && !r.peer_alive && r.owed != Owed::kNode;
}

// Where the source says who owes, a debt that is not the node's or the path's is weak evidence: most of
// them are clients that gave up half-way.
float WeightOf(const AttemptRecord& r, const StanceOptions& o) {
  if (r.owed == Owed::kPeer) return o.peer_weight;
  return r.attributed && r.owed == Owed::kNone ? o.peer_weight : 1.0f;
}

Stance PendingOrLate(const AttemptRecord& r, Time now, const StanceOptions& o) {
  const float weight = WeightOf(r, o);
  const Duration age = now - r.start;
  if (age >= o.deadline) return Against(weight);
  // A client that leaves after everything was answered is recognised by its silence only; until then it
  // looks like a failure, so it does not testify yet.
  const bool may_be_leaving = r.attributed && (r.owed == Owed::kNone || r.owed == Owed::kPeer);
  if (may_be_leaving && age < o.leave_grace) return kSilent;
  return Pending(weight);
}

Stance NeverActive(const AttemptRecord& r, Time now, const StanceOptions& o) {
  if (!r.vouched) return kSilent;
  if (Withdrawn(r)) return kSilent;
  if (r.outcome == Outcome::kRefused) return Against(o.peer_weight);
  if (r.outcome == Outcome::kStalled) return Against(WeightOf(r, o));
  if (GoneWithoutDebt(r)) return kSilent;
  return PendingOrLate(r, now, o);
}

Stance NeverActiveAlive(const AttemptRecord& r, Time now, const StanceOptions& o) {
  if (!r.vouched || !r.attributed) return kSilent;
  if (Withdrawn(r) || r.outcome == Outcome::kRefused) return kSilent;
  if (r.outcome == Outcome::kStalled) return Against(WeightOf(r, o));
  return r.peer_alive ? PendingOrLate(r, now, o) : kSilent;
}

// Its handshake is complete, nothing is owed and neither side has sent anything: a client that waits, of a
// room that waits for its host, say. When it begins at last it is not late at once: the node may owe from
// then on.
bool Quiet(const AttemptRecord& r) {
  constexpr Duration kAtOnce = std::chrono::seconds(2);  // a client that has something to send sends it
  if (!r.attributed || !r.media_told || r.owed != Owed::kNone || r.phase < Phase::kSecured) return false;
  return r.media == 0 || r.media_at - r.start > kAtOnce;
}

// Clients that leave come between others that succeed, and a success weighs more here than a failure: so
// nobody needs to be waited for. Those that are quiet come in rows, a whole room at once: they say nothing
// here.
Stance NoneActive(const AttemptRecord& r, Time now, const StanceOptions& o) {
  if (!r.vouched) return kSilent;
  if (Withdrawn(r) || r.outcome == Outcome::kRefused || GoneWithoutDebt(r) || Quiet(r)) return kSilent;
  return r.outcome == Outcome::kStalled || now - r.start >= o.deadline ? Against() : Pending();
}

Stance NodeOwed(const AttemptRecord& r) {
  if (!r.vouched) return kSilent;
  if (Withdrawn(r) || r.outcome == Outcome::kRefused) return kSilent;
  return r.owed == Owed::kNode ? Against() : kSilent;
}

// Only setups that succeed are fast or slow; one that is still pending beyond the limit will be slow if it
// succeeds at all, and is taken back if it never does.
Stance SlowSetup(const AttemptRecord& r, Time now, const StanceOptions& o) {
  if (!r.vouched || o.slow == Duration::max()) return kSilent;
  if (r.closed || r.expired || GoneWithoutDebt(r)) return kSilent;
  return now - r.start > o.slow ? Against() : kSilent;
}

Stance Frozen(const AttemptRecord& r, Time now, const StanceOptions& o) {
  if (r.vouched) return kFor;
  if (r.outcome == Outcome::kUnanswered || r.owed == Owed::kNode) return Against();
  if (r.closed || r.attributed) return kSilent;
  return now - r.start >= o.deadline ? Against() : Pending();
}

}  // namespace

std::string_view Name(Channel c) {
  switch (c) {
    case Channel::kNodeOwed:
      return "node_owed";
    case Channel::kNeverActiveAlive:
      return "never_active_alive";
    case Channel::kNeverActive:
      return "never_active";
    case Channel::kEarlyDrop:
      return "early_drop";
    case Channel::kSlowSetup:
      return "slow_setup";
    case Channel::kFrozen:
      return "frozen";
    case Channel::kNoneActive:
      return "none_active";
    case Channel::kNoRtpToSenders:
      return "no_rtp_to_senders";
    case Channel::kNoDataToSenders:
      return "no_data_to_senders";
    case Channel::kLessRtpToSenders:
      return "less_rtp_to_senders";
    case Channel::kLessDataToSenders:
      return "less_data_to_senders";
    case Channel::kNoRtpOut:
      return "no_rtp_out";
    case Channel::kNoRtpIn:
      return "no_rtp_in";
    case Channel::kNoDataIn:
      return "no_data_in";
    case Channel::kSetupShift:
      return "setup_shift";
  }
  return "never_active";
}

Stance StanceOfInactive(Channel channel, const AttemptRecord& r, Time now, const StanceOptions& options) {
  switch (channel) {
    case Channel::kNodeOwed:
      return NodeOwed(r);
    case Channel::kNeverActiveAlive:
      return NeverActiveAlive(r, now, options);
    case Channel::kNeverActive:
      return NeverActive(r, now, options);
    case Channel::kFrozen:
      return Frozen(r, now, options);
    case Channel::kNoneActive:
      return NoneActive(r, now, options);
    case Channel::kSlowSetup:
      return SlowSetup(r, now, options);
    default:
      break;  // kEarlyDrop and what looks at active attempts
  }
  return kSilent;
}

Stance EarlyDropStance(const AttemptRecord& r, Time now, const StanceOptions& options) {
  if (r.outcome == Outcome::kEarlyDrop) return Against();
  if (r.outcome == Outcome::kReplaced) return kSilent;
  if (r.closed || now - r.start >= options.early) return kFor;
  return Pending();
}

}  // namespace candor
