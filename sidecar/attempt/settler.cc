// SPDX-License-Identifier: Apache-2.0
#include "attempt/settler.h"

#include <algorithm>

#include "attempt/pace.h"

namespace candor {
namespace {

// The node has refused an Allocate with credentials: what a new secret on one side only does to all clients.
bool RefusesAllocation(const Attempt& a) {
  return a.credentialed() && a.asks_again() && !a.vouched() && a.stun_error() >= 400 && a.stun_error() < 500;
}

}  // namespace

void Settler::Tell(OpenAttempt& o, AttemptEvent::Kind kind, Time at) const {
  o.told = o.attempt.phase();
  if (kind == AttemptEvent::Kind::kOffered || kind == AttemptEvent::Kind::kMedia)
    o.told_media = o.attempt.media();
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
  e.media = o.attempt.media();
  sink_(e);
}

// An attempt that only the node has spoken in has no peer yet, only candidates. What shows no credentials, or
// does not ask again, is a stranger's until the node answers it: a client that waits repeats its check after
// 500 ms (RFC 8445 section 14.3), a scanner goes on to the next port. The first Allocate never has
// credentials (RFC 8489 section 9.2.3). An allocation is evidence only once it works, is refused, or the node
// owes something on it; so is a plain call, which may ring as long as people let it. What was not seen to
// begin is no offer at all: a pair in use is asked for consent all the time (RFC 7675).
bool Settler::WorthOffering(const OpenAttempt& o) const {
  const Attempt& a = o.attempt;
  if (!SurelyBegan(o)) return false;
  if (a.active_at() != Time{}) return true;
  if (a.relay() != nullptr)
    return RefusesAllocation(a) || (o.owed != Owed::kNone && (a.vouched() || a.asks_again()));
  if (a.bare()) return o.owed == Owed::kNode && a.heard() && a.proven_media();
  return (a.heard() && a.credentialed() && a.asks_again()) || a.vouched();
}

void Settler::Offer(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  o.offered = true;
  o.offered_at = std::min(a.began(), now);
  // How long people let a call ring is not how long the node takes.
  const bool rang = a.bare() && o.owed == Owed::kNone && a.active_at() - a.began() > patience_.media;
  if (rang) o.offered_at = std::min(a.active_at(), now);
  Tell(o, AttemptEvent::Kind::kOffered, o.offered_at);
  if (o.owed != Owed::kNone) Tell(o, AttemptEvent::Kind::kOwed, now);  // what was kept back until now
}

// It was settled as something else, and comes up after all.
void Settler::Reopen(OpenAttempt& o) {
  o.closed = false;
  if (!o.muted && !o.carries) ++counts_.late;
}

void Settler::Activate(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  o.active = true;
  if (o.carries) return;
  if (!SeenToBegin(o)) o.muted = true;
  if (a.dtls_client() != Owed::kNone) habit_.Saw(a.dtls_client() == Owed::kNode);
  const bool late = o.outcome != Outcome::kPending;
  o.outcome = Outcome::kActive;
  o.owed = Owed::kNone;
  Count(&counts_, &o.counted, Outcome::kActive, Owed::kNone);
  if (o.muted) return;
  if (!late) counts_.settled.Add(Outcome::kActive, Phase::kActive, Owed::kNone);
  if (!o.offered) return;  // it may be older than Candor: no evidence, and nobody knows how long it took
  counts_.setup.Add(std::max(a.active_at() - o.offered_at, Duration::zero()));
  Tell(o, AttemptEvent::Kind::kActive, now);
}

// Of an allocation only its use shows whether it is an attempt by itself.
void Settler::CountIfReal(OpenAttempt& o) {
  const Attempt& a = o.attempt;
  if (o.counted.outcome || o.carries || o.closed) return;
  const bool used = a.relay() == nullptr || o.offered || o.owed != Owed::kNone;
  const bool answered = (a.vouched() && used) || a.node_initiated();
  const bool plain_media = a.bare() && a.proven_media();
  if ((answered && SeenToBegin(o)) || plain_media)
    Count(&counts_, &o.counted, Outcome::kPending, Owed::kNone);
}

void Settler::Advance(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  calls_.Learn(a, &o.call);
  const bool becomes_active = !o.active && a.active_at() != Time{};
  const bool comes_back = becomes_active && o.closed && o.offered;
  if (becomes_active && o.closed) Reopen(o);
  CountIfReal(o);
  if (!o.offered && !o.closed && WorthOffering(o)) Offer(o, now);
  if (!o.vouched && o.offered && a.vouched() && a.heard()) {
    o.vouched = true;
    ++counts_.vouched;
    if (!o.closed && !comes_back) Tell(o, AttemptEvent::Kind::kVouched, now);
  }
  if (becomes_active) Activate(o, now);
  if (o.offered && !o.closed && a.media() != o.told_media) Tell(o, AttemptEvent::Kind::kMedia, now);
  if (o.active || o.closed) return;
  if (a.refused_by_alert()) {
    Close(o, now, Outcome::kRefused);
  } else if (a.said_goodbye() && a.relay() == nullptr) {
    Close(o, now, Outcome::kLeft);
  }
}

void Settler::Check(OpenAttempt& o, Time now) {
  if (o.closed) return;
  if (o.active) {
    CheckActive(o, now);
  } else {
    CheckPending(o, now);
  }
}

// On a plain call nobody has asked for anything: that the peer is silent is its own affair, and the node's
// silence counts only where its calls usually get media.
Owed Settler::OwedBy(const OpenAttempt& o, Time now) const {
  const Attempt& a = o.attempt;
  const Owed owed = a.OwedAt(now, patience_, habit_.UsualClient());
  if (!a.bare()) return owed;
  return owed == Owed::kNode && calls_.OwesMedia(a, o.near_start) ? Owed::kNode : Owed::kNone;
}

void Settler::CheckPending(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  if (a.relay() != nullptr && a.said_goodbye()) {
    o.owed = Owed::kNone;
    Close(o, now, Outcome::kLeft);
    return;
  }
  const Owed owed = OwedBy(o, now);
  const bool alive = a.heard() && now - a.last_in() < options_.alive;
  const bool changed = owed != o.owed || alive != o.alive;
  o.owed = owed;
  o.alive = alive;
  if (o.offered && (changed || a.phase() != o.told)) Tell(o, AttemptEvent::Kind::kOwed, now);
  if (changed && (a.relay() != nullptr || a.bare())) Advance(o, now);
  if (now - a.began() >= options_.deadline && !Rests(o) && !Waits(o, options_, now) && !BeganBefore(o))
    Settle(o, now);
}

// The deadline: alive is a stall, silent has left, never vouched never was an attempt. A plain call that
// nobody had to serve has left, however long its peer went on.
void Settler::Settle(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  if (!o.counted.outcome && !a.vouched() && a.heard()) {
    Close(o, now, a.stun_error() >= 300 && a.stun_error() < 500 ? Outcome::kRefused : Outcome::kUnanswered);
  } else if ((!o.alive || a.relay() != nullptr || a.bare()) && o.owed != Owed::kNode) {
    Close(o, now, a.relay() != nullptr && o.owed == Owed::kPath ? Outcome::kStalled : Outcome::kLeft);
  } else {
    Close(o, now, Outcome::kStalled);
  }
}

void Settler::CheckActive(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  if (!IsYoung(o, options_, now)) return;
  const Attempt::Silence silence = a.NodeSilence(now, patience_.exchange, options_.drop_silence);
  if (!silence.checks && !silence.media) return;
  if (!silence.checks && a.bare() && !calls_.Died(a, &o.call)) return;
  o.closed = true;
  o.outcome = Outcome::kEarlyDrop;
  o.owed = Owed::kNode;
  Count(&counts_, &o.counted, Outcome::kEarlyDrop, Owed::kNone);
  if (o.offered) Tell(o, AttemptEvent::Kind::kDead, now);
}

void Settler::Finish(OpenAttempt& o, Time now) {
  if (!o.closed && o.active) Close(o, now, Outcome::kActive);
  if (!o.closed) Settle(o, now);
}

void Settler::Replace(OpenAttempt& o, Time now) {
  if (!o.closed) Close(o, now, o.active ? Outcome::kActive : Outcome::kReplaced);
}

void Settler::Evict(OpenAttempt& o, Time now) {
  if (!o.closed) Close(o, now, o.active ? Outcome::kActive : Outcome::kReplaced);
}

void Settler::YieldToInner(OpenAttempt& o, Time now) {
  if (o.carries || o.active) return;
  if (!o.closed) Close(o, now, Outcome::kReplaced);
  o.carries = true;
}

void Settler::Close(OpenAttempt& o, Time now, Outcome outcome) {
  o.closed = true;
  o.outcome = outcome;
  if (!o.active && !o.carries) CountOutcome(o);
  if (o.offered) Tell(o, AttemptEvent::Kind::kClosed, now);
}

// What nobody answered, and what was replaced, counts though it is no attempt. Anything else counts if it was
// an attempt before, or is one by its end: a refusal is an answer.
void Settler::CountOutcome(OpenAttempt& o) {
  const bool no_attempt = o.outcome == Outcome::kUnanswered || o.outcome == Outcome::kReplaced;
  const bool answered = o.attempt.vouched() || o.outcome == Outcome::kRefused;
  if (!no_attempt && !o.counted.outcome && !(answered && SeenToBegin(o))) return;
  Count(&counts_, &o.counted, o.outcome, o.owed);
  if (!o.muted) counts_.settled.Add(o.outcome, o.attempt.phase(), o.owed);
}

}  // namespace candor
