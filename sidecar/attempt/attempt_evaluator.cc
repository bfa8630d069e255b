// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt_evaluator.h"

#include <algorithm>
#include <utility>

#include "attempt/look_interval.h"

namespace candor {
namespace {

// One lost packet is repeated soon; of a client that has left meanwhile it is not the cause.
constexpr uint32_t kRepeated = 2;

// The node refuses Allocates with credentials, as it does to all clients after only one side changed the
// secret. A client may try again at once with others, and that is the same attempt.
bool RefusesAllocation(const Attempt& a) {
  return a.credentialed() && a.repeats_request() && !a.acknowledged() && a.stun_error() >= 400 &&
         a.stun_error() < 500;
}

}  // namespace

void AttemptEvaluator::Report(OpenAttempt& o, AttemptEvent::Kind kind, Time at) const {
  o.reported_phase = o.attempt.phase();
  o.reported_at_socket = !AllOfPeerLost(o);
  if (kind == AttemptEvent::Kind::kOffered || kind == AttemptEvent::Kind::kMedia)
    o.reported_media = o.attempt.media();
  if (o.suppressed || o.carries) return;
  AttemptEvent e;
  e.kind = kind;
  e.at = at;
  e.id = o.attempt.id();
  e.peer = AllOfPeerLost(o) && o.lost_of_peer.checks > 0 ? o.lost_of_peer.address : o.attempt.peer();
  e.phase = o.attempt.phase();
  e.waiting_on = o.waiting_on;
  e.peer_alive = o.alive;
  e.outcome = o.outcome;
  e.media = o.attempt.media();
  e.lost = o.lost_reason;
  e.at_socket = o.reported_at_socket;
  e.server = o.server;
  e.service = o.reported_service;
  e.one_way_since = o.running.one_way_since();
  e.received = o.received;
  sink_(e);
}

// Offered is what a client has asked for. Without a packet of the peer there are only candidates. A check
// without credentials, or without a repetition, may be a scanner's until the node answers it: a waiting
// client repeats its check after 500 ms (RFC 8445 section 14.3), a scanner goes on to the next port. The
// first Allocate never has credentials (RFC 8489 section 9.2.3). An allocation is offered only once it works,
// is refused, or waits for the node; likewise a plain call, which may ring for any time. An attempt whose
// beginning was not seen is not offered: pairs in use send consent checks all the time (RFC 7675).
bool AttemptEvaluator::WorthOffering(const OpenAttempt& o) const {
  const Attempt& a = o.attempt;
  if (!SurelyBegan(o)) return false;
  if (a.active_at() != Time{}) return true;
  if (a.relay() != nullptr)
    return RefusesAllocation(a) ||
           (o.waiting_on != WaitingOn::kNone && (a.acknowledged() || a.repeats_request()));
  if (a.bare()) return o.waiting_on == WaitingOn::kNode && a.heard() && a.proven_media();
  return (a.heard() && a.credentialed() && a.repeats_request()) || a.acknowledged() ||
         (AllOfPeerLost(o) && o.lost_of_peer.asks());
}

void AttemptEvaluator::Offer(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  o.offered = true;
  o.offered_at = std::min(a.began(), now);
  // The time of ringing is not set-up time.
  const bool rang =
      a.bare() && o.waiting_on == WaitingOn::kNone && a.active_at() - a.began() > timeouts_.media;
  if (rang) o.offered_at = std::min(a.active_at(), now);
  Report(o, AttemptEvent::Kind::kOffered, o.offered_at);
  if (o.waiting_on != WaitingOn::kNone)
    Report(o, AttemptEvent::Kind::kWaitingOn, now);  // came before the offer
}

// It had another outcome and becomes active after all.
void AttemptEvaluator::Reopen(OpenAttempt& o) {
  o.closed = false;
  if (!o.suppressed && !o.carries) ++CountsOf(o).late;
}

void AttemptEvaluator::Activate(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  o.active = true;
  if (o.carries) return;
  if (!SeenToBegin(o)) o.suppressed = true;
  if (a.dtls_client() != WaitingOn::kNone) dtls_client_.Observe(a.dtls_client() == WaitingOn::kNode);
  const bool late = o.outcome != Outcome::kPending;
  o.outcome = Outcome::kActive;
  o.waiting_on = WaitingOn::kNone;
  o.lost_reason = {};
  Count(&CountsOf(o), &o.counted, Outcome::kActive, WaitingOn::kNone);
  if (o.suppressed) return;
  if (!late) CountsOf(o).concluded.Add(Outcome::kActive, Phase::kActive, WaitingOn::kNone);
  if (!o.offered) return;  // it may be older than Candor: no evidence, set-up time unknown
  CountsOf(o).setup.Add(std::max(a.active_at() - o.offered_at, Duration::zero()));
  Report(o, AttemptEvent::Kind::kActive, now);
}

// An allocation is an attempt by itself only once it is used.
void AttemptEvaluator::CountIfReal(OpenAttempt& o) {
  const Attempt& a = o.attempt;
  if (o.counted.outcome || o.carries || o.closed) return;
  const bool used = a.relay() == nullptr || o.offered || o.waiting_on != WaitingOn::kNone;
  const bool answered = (a.acknowledged() && used) || a.node_initiated();
  const bool plain_media = a.bare() && a.proven_media();
  if ((answered && SeenToBegin(o)) || plain_media)
    Count(&CountsOf(o), &o.counted, Outcome::kPending, WaitingOn::kNone);
}

void AttemptEvaluator::Advance(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  if (o.at_socket) CallsOf(o).Learn(a, &o.call);
  const bool becomes_active = !o.active && a.active_at() != Time{};
  const bool comes_back = becomes_active && o.closed && o.offered;
  if (becomes_active && o.closed) Reopen(o);
  CountIfReal(o);
  if (!o.offered && !o.closed && WorthOffering(o)) Offer(o, now);
  if (!o.acknowledged && o.offered && (a.acknowledged() || o.call.one_way) && a.heard()) {
    o.acknowledged = true;
    ++CountsOf(o).acknowledged;
    if (!o.closed && !comes_back) Report(o, AttemptEvent::Kind::kAcknowledged, now);
  }
  if (becomes_active) Activate(o, now);
  if (o.offered && !o.closed && a.media() != o.reported_media) Report(o, AttemptEvent::Kind::kMedia, now);
  if (o.active || o.closed) return;
  if (a.refused_by_alert()) {
    Close(o, now, Outcome::kRefused);
  } else if (a.closed_by_peer() && a.relay() == nullptr) {
    Close(o, now, Outcome::kLeft);
  }
}

void AttemptEvaluator::Check(OpenAttempt& o, Time now) {
  if (o.closed) return;
  if (o.active) {
    CheckActive(o, now);
  } else {
    CheckPending(o, now);
  }
}

// What this node's kernel drops is what the attempt waits for. It stands a little before the exchange's
// timeout, because an attempt is weighed as a failure then, and no later look changes the reason. A plain
// call that its socket knows may lose a part of the media that it need not answer, and an allocation that
// nobody uses waits for nothing.
LostReason AttemptEvaluator::LostNow(OpenAttempt& o, Time now) const {
  const Attempt& a = o.attempt;
  const Duration timeout = timeouts_.exchange * 3 / 4;
  if (!o.at_socket) return o.lost.Standing(now, timeout, Time{}, Time{}, 1);
  if (a.relay() != nullptr && !a.request_pending()) return {};
  const LostReason r = o.lost.Standing(now, timeout, a.last_in(), a.last_out(), kRepeated);
  return a.bare() && r.direction == CANDOR_IN ? LostReason{} : r;
}

// On a plain call no side has requested anything: silence of the peer is permitted, and silence of the node
// counts only where PlainCalls expects media.
WaitingOn AttemptEvaluator::WaitingOnOf(const OpenAttempt& o, Time now) const {
  const Attempt& a = o.attempt;
  if (o.lost_reason) return WaitingOn::kNode;
  const WaitingOn waiting_on = a.WaitingOnAt(now, timeouts_, dtls_client_.LikelyClient());
  if (!a.bare()) return waiting_on;
  return waiting_on == WaitingOn::kNode && CallsOf(o).ExpectsMedia(a, o.call, o.near_start)
             ? WaitingOn::kNode
             : WaitingOn::kNone;
}

void AttemptEvaluator::CheckPending(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  if (a.relay() != nullptr && a.closed_by_peer()) {
    o.waiting_on = WaitingOn::kNone;
    Close(o, now, Outcome::kLeft);
    return;
  }
  const LostReason lost = LostNow(o, now);
  const bool newly_lost = lost != o.lost_reason || (o.offered && AllOfPeerLost(o) == o.reported_at_socket);
  o.lost_reason = lost;
  o.call.one_way = o.call.one_way || (a.bare() && CallsOf(o).IsOneWay(a, timeouts_.media));
  const WaitingOn waiting_on = WaitingOnOf(o, now);
  const bool alive =
      (a.heard() || o.lost_of_peer.asks()) && now - std::max(a.last_in(), o.lost.last_in()) < options_.alive;
  const bool changed = waiting_on != o.waiting_on || alive != o.alive || newly_lost;
  o.waiting_on = waiting_on;
  o.alive = alive;
  if (o.offered && (changed || a.phase() != o.reported_phase)) Report(o, AttemptEvent::Kind::kWaitingOn, now);
  if (changed && (a.relay() != nullptr || a.bare())) Advance(o, now);
  const bool refused =
      RefusesAllocation(a) && !a.request_pending() && now - a.last_heard() >= timeouts_.exchange;
  if ((now - a.began() >= options_.deadline || refused) && !IsIdleAllocation(o) &&
      !IsPermittedSilence(o, options_, now) && !BeganBefore(o))
    Conclude(o, now);
}

// At the deadline: with a peer that still sends a stall, with a silent peer it has left, and without any
// answer of the node it was no attempt. A plain call that the node need not serve has left, however long its
// peer went on.
void AttemptEvaluator::Conclude(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  if (!o.counted.outcome && !a.acknowledged() && a.heard()) {
    Close(o, now, a.stun_error() >= 300 && a.stun_error() < 500 ? Outcome::kRefused : Outcome::kUnanswered);
  } else if ((!o.alive || a.relay() != nullptr || a.bare()) && o.waiting_on != WaitingOn::kNode) {
    Close(o, now,
          a.relay() != nullptr && o.waiting_on == WaitingOn::kPath ? Outcome::kStalled : Outcome::kLeft);
  } else {
    Close(o, now, Outcome::kStalled);
  }
}

// A call with RTCP both ways is active although its RTP goes one way only.
bool AttemptEvaluator::StoppedServing(OpenAttempt& o, Time now) {
  const Attempt& a = o.attempt;
  const Attempt::Silence silence = a.NodeSilence(now, timeouts_.exchange, options_.drop_silence);
  if (silence.checks || !a.bare()) return silence.checks || silence.media;
  if (CallsOf(o).role() != Role::kRecorder && CallsOf(o).IsOneWay(a, timeouts_.media)) return true;
  return silence.media && CallsOf(o).StoppedServing(a, &o.call);
}

void AttemptEvaluator::CheckReports(OpenAttempt& o, Time now) {
  if (o.attempt.relay() != nullptr) return;
  const Received received = o.reports.Look(o.attempt, now);
  const Received before = std::exchange(o.received, received);
  const bool tells = received != Received::kUnknown || before == Received::kNothing;
  if (o.offered && tells) Report(o, AttemptEvent::Kind::kReported, now);
}

void AttemptEvaluator::CheckActive(OpenAttempt& o, Time now) {
  CheckReports(o, now);
  if (!IsYoung(o, options_, now)) return CheckRunning(o, now);
  if (!StoppedServing(o, now)) return;
  o.closed = true;
  o.outcome = Outcome::kEarlyDrop;
  o.waiting_on = WaitingOn::kNode;
  o.lost_reason = LostNow(o, now);
  CountLost(o);
  Count(&CountsOf(o), &o.counted, Outcome::kEarlyDrop, WaitingOn::kNone);
  if (o.offered) Report(o, AttemptEvent::Kind::kDead, now);
}

void AttemptEvaluator::CheckRunning(OpenAttempt& o, Time now) {
  if (o.attempt.relay() != nullptr || o.attempt.closed_by_peer()) return;
  const Service service = o.running.Look(o.attempt, now, options_.drop_silence);
  const Service before = std::exchange(o.reported_service, service);
  const bool tells = service != Service::kUnknown || before == Service::kNodeSilent;
  if (o.offered && tells) Report(o, AttemptEvent::Kind::kRunning, now);
}

void AttemptEvaluator::Finish(OpenAttempt& o, Time now) {
  if (!o.closed && o.active) Close(o, now, Outcome::kActive);
  if (!o.closed) Conclude(o, now);
}

void AttemptEvaluator::Replace(OpenAttempt& o, Time now) {
  if (!o.closed) Close(o, now, o.active ? Outcome::kActive : Outcome::kReplaced);
}

void AttemptEvaluator::YieldToInner(OpenAttempt& o, Time now) {
  if (o.carries || o.active) return;
  if (!o.closed) Close(o, now, Outcome::kReplaced);
  o.carries = true;
}

void AttemptEvaluator::Close(OpenAttempt& o, Time now, Outcome outcome) {
  o.closed = true;
  o.outcome = outcome;
  if (!o.active && !o.carries) CountOutcome(o);
  if (!o.active && outcome != Outcome::kReplaced) CountLost(o);
  if (o.offered) Report(o, AttemptEvent::Kind::kClosed, now);
}

void AttemptEvaluator::CountLost(const OpenAttempt& o) {
  if (o.offered && !o.carries && !o.suppressed && o.lost_reason)
    ++CountsOf(o).lost_here.at(Index(o.lost_reason));
}

// `unanswered` and `replaced` count what is no attempt. Everything else counts if it was an attempt before or
// its end makes it one: a refusal is an answer.
void AttemptEvaluator::CountOutcome(OpenAttempt& o) {
  const bool no_attempt = o.outcome == Outcome::kUnanswered || o.outcome == Outcome::kReplaced;
  const bool answered = o.attempt.acknowledged() || o.outcome == Outcome::kRefused;
  if (!no_attempt && !o.counted.outcome && !(answered && SeenToBegin(o))) return;
  Count(&CountsOf(o), &o.counted, o.outcome, o.waiting_on);
  if (!o.suppressed) CountsOf(o).concluded.Add(o.outcome, o.attempt.phase(), o.waiting_on);
}

}  // namespace candor
