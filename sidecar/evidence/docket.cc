// SPDX-License-Identifier: Apache-2.0
#include "evidence/docket.h"

#include <algorithm>

namespace candor {
namespace {

bool IsActive(const AttemptRecord& r) { return r.active != Time{}; }

bool CountsAsFailure(Outcome o) {
  return o == Outcome::kStalled || o == Outcome::kRefused || o == Outcome::kUnanswered;
}

// Nothing is known to hold it back: the other side may still take up the call.
bool MayBeLate(const AttemptRecord& r) {
  return !IsActive(r) && (r.expired || r.outcome == Outcome::kStalled || r.outcome == Outcome::kLeft);
}

void Update(AttemptRecord* r, const AttemptEvent& e) {
  r->phase = std::max(r->phase, e.phase);
  r->owed = e.owed;
  r->media_told = e.media_told;
  if (r->media == 0 && e.media != 0) r->media_at = e.at;
  r->media |= e.media;
  if (e.peer_alive) {
    r->attributed = true;
    r->peer_alive = *e.peer_alive;
  }
}

}  // namespace

Docket::Docket(DocketOptions options, DocketListener* listener)
    : options_(std::move(options)),
      listener_(listener),
      networks_(options_.networks),
      habit_(options_.max_attempts),
      arrivals_(options_.max_attempts),
      actives_(options_.max_attempts),
      ended_(options_.max_late),
      vouched_witnesses_(options_.retry_silence, options_.max_attempts, &habit_),
      offered_witnesses_(options_.retry_silence, options_.max_attempts, &habit_) {}

void Docket::Observe(const AttemptEvent& e) {
  if (e.kind == AttemptEvent::Kind::kOffered) return Offer(e);
  if (e.kind == AttemptEvent::Kind::kDead || e.kind == AttemptEvent::Kind::kClosed) CloseActive(e);
  AttemptRecord* r = arrivals_.Find(e.id);
  const bool active = e.kind == AttemptEvent::Kind::kActive;
  if (r == nullptr && active) return ActivateLate(e);
  if (r == nullptr) return;  // settled long ago, or evicted
  if (r->closed && active && MayBeLate(*r)) Reopen(r);
  if (r->closed) return;
  Update(r, e);
  switch (e.kind) {
    case AttemptEvent::Kind::kVouched:
      Vouch(r, e.at);
      break;
    case AttemptEvent::Kind::kActive:
      Activate(r, e.at);
      break;
    case AttemptEvent::Kind::kClosed:
      Close(r, e.outcome, e.at);
      break;
    case AttemptEvent::Kind::kOffered:
    case AttemptEvent::Kind::kOwed:
    case AttemptEvent::Kind::kMedia:
    case AttemptEvent::Kind::kDead:
      break;
  }
}

void Docket::Offer(const AttemptEvent& e) {
  if (arrivals_.full()) {
    ++evicted_;
    EndWitness(arrivals_.front(), false, e.at);
    arrivals_.PopFront();
  }
  AttemptRecord fresh;
  fresh.id = e.id;
  fresh.start = e.at;
  fresh.peer = e.peer;
  fresh.network = networks_.Of(e.peer);
  Update(&fresh, e);
  fresh.witnesses_before = witnesses_;
  fresh.successes_before = successes_;
  TakeBackIfBroken(e.peer);
  AttemptRecord* r = arrivals_.Insert(fresh);
  if (r == nullptr) return;  // offered twice: the first one stands
  r->unvouched_witness = r->network.trusted || offered_witnesses_.Admit(r->peer, r->id, e.at);
  listener_->OnOffered(*r);
}

// A client that fails again and again while most others succeed is broken by itself. In a node that fails a
// share of attempts its retries would get through; in one that fails all, nobody else would succeed.
void Docket::TakeBackIfBroken(const IpAddress& address) {
  constexpr uint64_t kOthersAtLeast = 2;
  AttemptRecord* r = arrivals_.Find(vouched_witnesses_.Retried(address));
  if (r == nullptr || r->broken || IsActive(*r)) return;
  const uint64_t others = witnesses_ - r->witnesses_before, succeeded = successes_ - r->successes_before;
  r->broken = succeeded >= kOthersAtLeast && succeeded * 2 > others;
  if (r->broken) ++ignored_retry_;
}

void Docket::Vouch(AttemptRecord* r, Time at) {
  if (r->vouched) return;
  r->vouched = true;
  if (r->unvouched_witness && !r->network.trusted) offered_witnesses_.Succeeded(r->peer);
  // An address whose earlier try was never acknowledged is no new witness either.
  const bool first = r->unvouched_witness && vouched_witnesses_.Admit(r->peer, r->id, at);
  r->witness = r->network.trusted || first;
  r->witness ? ++witnesses_ : ++ignored_retry_;
  listener_->OnVouched(*r, at);
}

void Docket::Activate(AttemptRecord* r, Time at) {
  if (IsActive(*r)) return;
  Vouch(r, at);  // media both ways is acknowledgement enough
  r->active = at;
  r->phase = Phase::kActive;
  EndWitness(*r, false, at);
  habit_.Succeeded(r->peer, at);
  vouched_witnesses_.SawSuccess(r->peer);
  offered_witnesses_.SawSuccess(r->peer);
  if (r->witness) ++successes_;
  if (r->witness && !actives_.full()) {
    AttemptRecord live = *r;
    live.start = at;
    actives_.Insert(live);
  }
  listener_->OnActive(*r);
}

void Docket::Close(AttemptRecord* r, Outcome outcome, Time at) {
  r->closed = true;
  r->outcome = outcome;
  if (!IsActive(*r)) EndWitness(*r, CountsAsFailure(outcome), at);
}

void Docket::CloseActive(const AttemptEvent& e) {
  AttemptRecord* r = actives_.Find(e.id);
  if (r == nullptr || r->closed) return;
  r->owed = e.owed;
  r->closed = true;
  const bool dead = e.kind == AttemptEvent::Kind::kDead || e.outcome == Outcome::kEarlyDrop;
  const bool early = e.at - r->start < options_.stance.early;
  r->outcome = dead && early ? Outcome::kEarlyDrop : e.outcome;
  if (r->outcome == Outcome::kEarlyDrop) ++open_drops_;
}

// It had not been handed over yet: nothing was said that must be taken back.
void Docket::Reopen(AttemptRecord* r) {
  vouched_witnesses_.TakeBack(r->peer);
  offered_witnesses_.TakeBack(r->peer);
  r->closed = r->expired = false;
  r->outcome = Outcome::kPending;
}

void Docket::ActivateLate(const AttemptEvent& e) {
  const auto before = ended_.Take(e.id);
  if (!before) return;
  AttemptRecord r = *before;
  Reopen(&r);
  Update(&r, e);
  Activate(&r, e.at);
  listener_->OnLate(*before, r, e.at);
}

void Docket::EndWitness(const AttemptRecord& r, bool failed, Time at) {
  if (r.network.trusted) return;
  Witnesses* among = nullptr;
  if (r.vouched && r.witness) among = &vouched_witnesses_;
  if (!r.vouched && r.unvouched_witness) among = &offered_witnesses_;
  if (among == nullptr) return;
  failed ? among->Failed(r.peer, at) : among->Withdrawn(r.peer);
}

void Docket::Settle(Time now) {
  const Duration last_word = options_.stance.deadline + options_.settle_grace;
  while (!arrivals_.empty()) {
    AttemptRecord& r = arrivals_.front();
    if (!Settled(r) && now - r.start >= last_word) {
      r.expired = true;
      const bool left = r.attributed && !r.peer_alive && r.owed != Owed::kNode;
      EndWitness(r, !left, now);
    }
    if (!Settled(r)) break;
    PopArrival(now);
  }
  while (!actives_.empty()) {
    const AttemptRecord& r = actives_.front();
    if (!r.closed && now - r.start < options_.stance.early) break;
    if (r.outcome == Outcome::kEarlyDrop) --open_drops_;
    listener_->OnDropSettled(r, now);
    actives_.PopFront();
  }
}

void Docket::PopArrival(Time now) {
  const AttemptRecord& r = arrivals_.front();
  if (!r.vouched) ++ignored_unvouched_;
  listener_->OnSettled(r, now);
  if (MayBeLate(r)) ended_.Add(r);
  arrivals_.PopFront();
}

}  // namespace candor
