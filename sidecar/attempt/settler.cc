// SPDX-License-Identifier: Apache-2.0
#include "attempt/settler.h"

#include <algorithm>

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A pending attempt is looked at as often as the judge judges.
constexpr Duration kTick = milliseconds(250);
// How often an active attempt is looked at while a drop is an early one, and how often later: for people, and
// for the other legs of a plain relay.
constexpr Duration kYoungLook = seconds(1), kRareLook = seconds(5);
// Looks a second that all of them share. A node that fails drops many at once, of which some are always
// looked at within kYoungLook.
constexpr size_t kYoungLooks = 500, kRareLooks = 200;
// Another leg got media for this long after one fell silent; with kRareLook less than drop_silence, so that
// what is known of old legs is fresh enough by then.
constexpr Duration kServedBeyond = seconds(2);

// Spread out, or those that came at once would be looked at at once.
Duration Shared(Duration usual, size_t crowd, size_t looks_a_second, uint64_t id) {
  const Duration fair = seconds(1) * static_cast<int64_t>(crowd) / static_cast<int64_t>(looks_a_second);
  return std::max<Duration>(usual, fair * static_cast<int64_t>(8 + id % 16) / 16);
}

// An allocation that was answered and of which the judge has no need to hear: it owes nothing, however long.
bool Rests(const OpenAttempt& o) {
  return o.attempt.relay() != nullptr && o.attempt.vouched() && !o.offered && o.owed == Owed::kNone;
}

// ICE gathers many such, of which few are ever used.
bool Sleeps(const OpenAttempt& o) {
  return Rests(o) && !o.attempt.relay()->used() && !o.attempt.request_pending();
}

}  // namespace

void Settler::Tell(OpenAttempt& o, AttemptEvent::Kind kind, Time at) const {
  o.told = o.attempt.phase();
  if (o.muted || o.carries) return;
  AttemptEvent e;
  e.kind = kind;
  e.at = at;
  e.id = o.attempt.id();
  e.peer = o.attempt.peer();
  e.phase = o.attempt.phase();
  e.owed = o.owed;
  e.peer_alive = o.alive;
  e.outcome = o.outcome;
  sink_(e);
}

// A relay of plain RTP owes on one leg what it gets on another, and hold and one-way calls are legal (RFC
// 3264 section 8.4): that one leg is not served proves nothing while others are.
bool Settler::OthersAreServed(const Attempt& a) const {
  if (!a.plain() || plain_out_ == Time{}) return false;
  const Time served = a.last_media_out() != Time{} ? a.last_media_out() : a.first() + patience_.media;
  return plain_out_ - served >= kServedBeyond;
}

void Settler::CountAsReal(OpenAttempt& o) {
  if (o.real || o.carries) return;
  o.real = true;
  ++counts_.attempts;
}

// An attempt that only the node has spoken in has no peer yet, only candidates. What shows no credentials, or
// does not ask again, is a stranger's until the node answers it: a client that waits repeats its check after
// 500 ms (RFC 8445 section 14.3), a scanner goes on to the next port. The first Allocate never has
// credentials (RFC 8489 section 9.2.3). An allocation is evidence only once it works, or the node owes
// something on it.
bool Settler::WorthOffering(const OpenAttempt& o) const {
  const Attempt& a = o.attempt;
  if (a.relay() != nullptr) {
    const bool failing = o.owed != Owed::kNone && (a.vouched() || a.asks_again());
    return failing || a.active_at() != Time{};
  }
  const bool waits = a.credentialed() && a.asks_again();
  return (a.heard() && (waits || a.proven_media())) || a.vouched() || a.active_at() != Time{};
}

void Settler::Offer(OpenAttempt& o, Time now) {
  o.offered = true;
  Tell(o, AttemptEvent::Kind::kOffered, std::min(o.attempt.began(), now));
  if (o.owed != Owed::kNone) Tell(o, AttemptEvent::Kind::kOwed, now);  // what was kept back until now
}

void Settler::Activate(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  o.active = true;
  if (o.carries) return;
  if (a.dtls_client() != Owed::kNone) habit_.Saw(a.dtls_client() == Owed::kNode);
  ++counts_.active;
  if (!o.muted) counts_.setup.Add(a.active_at() - a.began());
  if (!o.muted && !o.closed) counts_.settled.Add(Outcome::kActive, Phase::kActive, Owed::kNone);
  o.outcome = Outcome::kActive;
  o.owed = Owed::kNone;
  if (!o.closed) Tell(o, AttemptEvent::Kind::kActive, now);
}

void Settler::Advance(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  if (a.plain() && a.last_media_out() > plain_out_) plain_out_ = a.last_media_out();
  const bool becomes_active = !o.active && a.active_at() != Time{};
  const bool plain_media = a.plain() && a.proven_media();
  // Of an allocation only its use shows whether it is an attempt by itself.
  const bool settled = a.relay() == nullptr || o.offered || o.owed != Owed::kNone;
  const bool active = a.active_at() != Time{};  // whatever was missed before it
  if ((a.vouched() && settled) || a.node_initiated() || plain_media || active) CountAsReal(o);
  if (!o.offered && !o.closed && WorthOffering(o)) Offer(o, now);
  if (!o.vouched && a.vouched() && a.heard() && (o.offered || a.relay() == nullptr)) {
    o.vouched = true;
    ++counts_.vouched;
    if (!o.closed) Tell(o, AttemptEvent::Kind::kVouched, now);
  }
  if (becomes_active) Activate(o, now);
  if (!o.active && !o.closed && a.refused_by_alert()) Close(o, now, Outcome::kRefused);
}

bool Settler::IsYoung(const OpenAttempt& o, Time now) const {
  return o.active && !o.closed && !o.carries && !o.attempt.said_goodbye() &&
         now - o.attempt.active_at() <= options_.early + options_.drop_silence;
}

Duration Settler::Pace(const OpenAttempt& o, Time now, const Crowd& crowd) const {
  if (!o.active && !o.closed) return Sleeps(o) ? seconds(1) : kTick;
  const Duration rest = std::max(IdleAt(o) - now, kTick);
  if (!IsYoung(o, now)) return std::min(rest, Shared(kRareLook, crowd.open, kRareLooks, o.attempt.id()));
  // Where nobody goes on, nobody has been dropped: the longer the silence, the rarer the look.
  const Duration silence = now - o.attempt.last_heard();
  return std::min(rest, std::max(silence / 2, Shared(kYoungLook, crowd.young, kYoungLooks, o.attempt.id())));
}

Time Settler::IdleAt(const OpenAttempt& o) const {
  const Attempt& a = o.attempt;
  const bool lives = a.relay() != nullptr && a.vouched() && !a.said_goodbye();
  const Duration idle = lives ? std::max(options_.idle, options_.allocation) : options_.idle;
  return std::max(a.last_heard(), a.first()) + idle;
}

void Settler::Check(OpenAttempt& o, Time now) {
  if (o.closed) return;
  if (o.active) {
    CheckActive(o, now);
  } else {
    CheckPending(o, now);
  }
}

void Settler::CheckPending(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  if (a.relay() != nullptr && a.said_goodbye()) {
    o.owed = Owed::kNone;
    Close(o, now, Outcome::kLeft);
    return;
  }
  Owed owed = a.OwedAt(now, patience_, habit_.UsualClient());
  if (owed == Owed::kNode && OthersAreServed(a)) owed = Owed::kNone;
  const bool alive = a.heard() && now - a.last_in() < options_.alive;
  const bool changed = owed != o.owed || alive != o.alive;
  o.owed = owed;
  o.alive = alive;
  if (o.offered && (changed || a.phase() != o.told)) Tell(o, AttemptEvent::Kind::kOwed, now);
  if (changed && a.relay() != nullptr) Advance(o, now);
  if (now - a.began() >= options_.deadline && !Rests(o)) Settle(o, now);
}

// The deadline: alive is a stall, silent has left, never vouched never was an attempt.
void Settler::Settle(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  if (!o.real && !a.vouched() && a.heard()) {
    Close(o, now, a.stun_error() >= 300 && a.stun_error() < 500 ? Outcome::kRefused : Outcome::kUnanswered);
  } else if ((!o.alive || a.relay() != nullptr) && o.owed != Owed::kNode) {
    Close(o, now, a.relay() != nullptr && o.owed == Owed::kPath ? Outcome::kStalled : Outcome::kLeft);
  } else {
    Close(o, now, Outcome::kStalled);
  }
}

void Settler::CheckActive(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  if (!IsYoung(o, now)) return;
  if (!a.NodeFellSilent(now, patience_.exchange, options_.drop_silence) || OthersAreServed(a)) return;
  o.closed = true;
  o.outcome = Outcome::kEarlyDrop;
  o.owed = Owed::kNode;
  ++counts_.early_drop;
  Tell(o, AttemptEvent::Kind::kDead, now);
}

void Settler::Finish(OpenAttempt& o, Time now) {
  if (!o.closed && o.active) Close(o, now, Outcome::kActive);
  if (!o.closed) Settle(o, now);
}

void Settler::Replace(OpenAttempt& o, Time now) {
  if (!o.closed) Close(o, now, o.active ? Outcome::kActive : Outcome::kReplaced);
}

void Settler::Evict(OpenAttempt& o, Time now) {
  if (!o.closed) Close(o, now, Outcome::kReplaced);
}

void Settler::YieldToInner(OpenAttempt& o, Time now) {
  if (o.carries || o.active) return;
  if (!o.closed) Close(o, now, Outcome::kReplaced);
  o.carries = true;
}

void Settler::Close(OpenAttempt& o, Time now, Outcome outcome) {
  o.closed = true;
  o.outcome = outcome;
  if (o.attempt.vouched() && outcome != Outcome::kReplaced) CountAsReal(o);
  if (!o.active && !o.muted && !o.carries) counts_.settled.Add(outcome, o.attempt.phase(), o.owed);
  switch (outcome) {
    case Outcome::kStalled:
      ++counts_.stalled.at(static_cast<size_t>(o.owed));
      break;
    case Outcome::kLeft:
      ++counts_.left;
      break;
    case Outcome::kRefused:
      ++counts_.refused;
      break;
    case Outcome::kUnanswered:
      ++counts_.unanswered;
      break;
    case Outcome::kReplaced:
      ++counts_.replaced;
      break;
    default:
      break;
  }
  if (o.offered) Tell(o, AttemptEvent::Kind::kClosed, now);
}

}  // namespace candor
