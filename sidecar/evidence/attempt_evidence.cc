// SPDX-License-Identifier: Apache-2.0
#include "evidence/attempt_evidence.h"

#include <algorithm>

namespace candor {
namespace {

bool IsActive(const AttemptRecord& r) { return r.active != Time{}; }

bool CountsAsFailure(Outcome o) {
  return o == Outcome::kStalled || o == Outcome::kRefused || o == Outcome::kUnanswered;
}

// The other side may still answer the call, or one that was refused may give other credentials.
bool MayBeLate(const AttemptRecord& r) {
  return !IsActive(r) && (r.expired || r.outcome == Outcome::kStalled || r.outcome == Outcome::kLeft ||
                          (r.outcome == Outcome::kRefused && !r.acknowledged));
}

// A trusted source does not forge: its media that the node leaves without an answer is a real attempt.
bool IsOwedMedia(const AttemptRecord& r) {
  return r.network.trusted && r.waiting_on == WaitingOn::kNode && (r.media & kRtpIn) != 0;
}

void Update(AttemptRecord* r, const AttemptEvent& e) {
  r->phase = std::max(r->phase, e.phase);
  r->waiting_on = e.waiting_on;
  r->media_known = e.media_known;
  r->lost = e.lost;
  if (r->media == 0 && e.media != 0) r->media_at = e.at;
  r->media |= e.media;
  if (e.peer_alive) {
    r->attributed = true;
    r->peer_alive = *e.peer_alive;
  }
}

}  // namespace

AttemptEvidence::AttemptEvidence(AttemptEvidenceOptions options, EvidenceListener* listener)
    : options_(std::move(options)),
      listener_(listener),
      networks_(options_.networks),
      sources_(options_.max_attempts),
      arrivals_(options_.max_attempts),
      actives_(options_.max_attempts),
      ended_(options_.max_late),
      acknowledged_filter_(options_.retry_silence, options_.max_attempts, &sources_),
      offered_filter_(options_.retry_silence, options_.max_attempts, &sources_),
      lost_filter_(options_.retry_silence, options_.max_attempts, &sources_) {}

void AttemptEvidence::Observe(const AttemptEvent& e) {
  if (e.kind == AttemptEvent::Kind::kOffered) return Offer(e);
  if (e.kind == AttemptEvent::Kind::kDead || e.kind == AttemptEvent::Kind::kClosed) CloseActive(e);
  AttemptRecord* r = arrivals_.Find(e.id);
  const bool active = e.kind == AttemptEvent::Kind::kActive;
  if (r == nullptr && active) return ActivateLate(e);
  if (r == nullptr) return;  // concluded, or evicted
  if (r->closed && active && MayBeLate(*r)) Reopen(r);
  if (r->closed) return;
  if (e.at_socket && !r->at_socket) ReachSocket(r, e.at);
  Update(r, e);
  if (IsOwedMedia(*r)) Acknowledge(r, e.at);
  switch (e.kind) {
    case AttemptEvent::Kind::kAcknowledged:
      Acknowledge(r, e.at);
      break;
    case AttemptEvent::Kind::kActive:
      Activate(r, e.at);
      break;
    case AttemptEvent::Kind::kClosed:
      Close(r, e.outcome, e.at);
      break;
    case AttemptEvent::Kind::kOffered:
    case AttemptEvent::Kind::kWaitingOn:
    case AttemptEvent::Kind::kMedia:
    case AttemptEvent::Kind::kRunning:
    case AttemptEvent::Kind::kReported:
    case AttemptEvent::Kind::kDead:
      break;
  }
}

void AttemptEvidence::Offer(const AttemptEvent& e) {
  if (arrivals_.full()) {
    ++evicted_;
    Release(arrivals_.front(), false, e.at);
    arrivals_.PopFront();
  }
  AttemptRecord fresh;
  fresh.id = e.id;
  fresh.start = e.at;
  fresh.peer = e.peer;
  fresh.network = networks_.Of(e.peer);
  fresh.at_socket = e.at_socket;
  fresh.familiar = sources_.Knows(e.peer);
  Update(&fresh, e);
  fresh.counted_before = counted_;
  fresh.successes_before = successes_;
  if (e.at_socket) ExcludeIfBroken(e.peer);
  AttemptRecord* r = arrivals_.Insert(fresh);
  if (r == nullptr) return;  // offered twice: the first one counts
  RetryFilter& among = r->at_socket ? offered_filter_ : lost_filter_;
  r->counted_if_offered = r->network.trusted || among.Admit(r->peer, r->id, e.at);
  listener_->OnOffered(*r);
}

// A client that fails repeatedly while most others succeed is broken itself: with a node that fails a share
// of attempts a retry would succeed, with one that fails all of them the others would not.
void AttemptEvidence::ExcludeIfBroken(const IpAddress& address) {
  constexpr uint64_t kOthersAtLeast = 2;
  AttemptRecord* r = arrivals_.Find(acknowledged_filter_.CountRetry(address));
  if (r == nullptr || r->broken || IsActive(*r)) return;
  const uint64_t others = counted_ - r->counted_before, succeeded = successes_ - r->successes_before;
  r->broken = succeeded >= kOthersAtLeast && succeeded * 2 > others;
  if (r->broken) ++ignored_retry_;
}

// From now on it is offered as any other.
void AttemptEvidence::ReachSocket(AttemptRecord* r, Time at) {
  if (r->counted_if_offered && !r->network.trusted) lost_filter_.Withdrawn(r->peer);
  r->at_socket = true;
  r->counted_if_offered = r->network.trusted || offered_filter_.Admit(r->peer, r->id, at);
  listener_->OnOffered(*r);
}

void AttemptEvidence::Acknowledge(AttemptRecord* r, Time at) {
  if (r->acknowledged) return;
  r->acknowledged = true;
  if (r->counted_if_offered && !r->network.trusted) offered_filter_.Succeeded(r->peer);
  // An address whose earlier attempt was never acknowledged does not count either.
  const bool first = r->counted_if_offered && acknowledged_filter_.Admit(r->peer, r->id, at);
  r->counted = r->network.trusted || first;
  r->counted ? ++counted_ : ++ignored_retry_;
  listener_->OnAcknowledged(*r, at);
}

void AttemptEvidence::Activate(AttemptRecord* r, Time at) {
  if (IsActive(*r)) return;
  Acknowledge(r, at);  // media both ways implies it
  r->active = at;
  r->phase = Phase::kActive;
  Release(*r, false, at);
  sources_.Succeeded(r->peer, at);
  acknowledged_filter_.ObserveSuccess(r->peer);
  offered_filter_.ObserveSuccess(r->peer);
  if (r->counted) ++successes_;
  if (r->counted && !actives_.full()) {
    AttemptRecord live = *r;
    live.start = at;
    actives_.Insert(live);
  }
  listener_->OnActive(*r);
}

void AttemptEvidence::Close(AttemptRecord* r, Outcome outcome, Time at) {
  r->closed = true;
  r->outcome = outcome;
  if (!IsActive(*r)) Release(*r, CountsAsFailure(outcome), at);
}

void AttemptEvidence::CloseActive(const AttemptEvent& e) {
  AttemptRecord* r = actives_.Find(e.id);
  if (r == nullptr || r->closed) return;
  r->waiting_on = e.waiting_on;
  r->closed = true;
  const bool dead = e.kind == AttemptEvent::Kind::kDead || e.outcome == Outcome::kEarlyDrop;
  const bool early = e.at - r->start < options_.contribution.early;
  r->outcome = dead && early ? Outcome::kEarlyDrop : e.outcome;
  if (r->outcome == Outcome::kEarlyDrop) ++open_drops_;
}

// It was not concluded yet, so only its failure in the filters is retracted.
void AttemptEvidence::Reopen(AttemptRecord* r) {
  acknowledged_filter_.Retract(r->peer);
  (r->at_socket ? offered_filter_ : lost_filter_).Retract(r->peer);
  r->closed = r->expired = false;
  r->outcome = Outcome::kPending;
}

void AttemptEvidence::ActivateLate(const AttemptEvent& e) {
  const auto before = ended_.Take(e.id);
  if (!before) return;
  AttemptRecord r = *before;
  Reopen(&r);
  if (!r.at_socket) ReachSocket(&r, e.at);
  Update(&r, e);
  Activate(&r, e.at);
  listener_->OnLate(*before, r, e.at);
}

void AttemptEvidence::Release(const AttemptRecord& r, bool failed, Time at) {
  if (r.network.trusted) return;
  RetryFilter* among = nullptr;
  if (r.acknowledged && r.counted) among = &acknowledged_filter_;
  if (!r.acknowledged && r.counted_if_offered) among = r.at_socket ? &offered_filter_ : &lost_filter_;
  if (among == nullptr) return;
  failed ? among->Failed(r.peer, at) : among->Withdrawn(r.peer);
}

void AttemptEvidence::Conclude(Time now) {
  const Duration last_word = options_.contribution.deadline + options_.conclusion_grace;
  while (!arrivals_.empty()) {
    AttemptRecord& r = arrivals_.front();
    if (!Concluded(r) && now - r.start >= last_word) {
      r.expired = true;
      const bool left = r.attributed && !r.peer_alive && r.waiting_on != WaitingOn::kNode;
      Release(r, !left, now);
    }
    if (!Concluded(r)) break;
    PopArrival(now);
  }
  while (!actives_.empty()) {
    const AttemptRecord& r = actives_.front();
    if (!r.closed && now - r.start < options_.contribution.early) break;
    if (r.outcome == Outcome::kEarlyDrop) --open_drops_;
    listener_->OnDropConcluded(r, now);
    actives_.PopFront();
  }
}

void AttemptEvidence::PopArrival(Time now) {
  const AttemptRecord& r = arrivals_.front();
  if (!r.acknowledged) ++ignored_unacknowledged_;
  listener_->OnConcluded(r, now);
  if (MayBeLate(r)) ended_.Add(r);
  arrivals_.PopFront();
}

}  // namespace candor
