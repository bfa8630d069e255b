// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt_tracker.h"

#include <algorithm>

#include "attempt/look_interval.h"

namespace candor {

// The attempt that is known by the flow's ufrag, relayed address or 5-tuple; 0: none. Clients that share both
// halves of USERNAME are distinguished by the handshakes on their 5-tuples.
uint64_t AttemptTracker::FindKnown(const FlowEvent& e, uint64_t owner) const {
  const auto own = open_.find(owner);
  const bool keeps = own != open_.end() && own->second.attempt.relay() == nullptr && e.flow.ufrag_hash != 0 &&
                     own->second.attempt.ufrag_hash() == e.flow.ufrag_hash;
  const uint64_t id = keeps ? owner : index_.Find(e.key, e.flow);
  const auto it = open_.find(id);
  if (it == open_.end()) return id;
  const Attempt& a = it->second.attempt;
  const bool by_name = a.relay() == nullptr && e.flow.ufrag_hash != 0;
  return by_name && a.IsAnotherSession(e.key, e.flow) ? 0 : id;
}

// The attempt that the flow belongs to now; 0: a new one. `owner`: the one that it belonged to.
uint64_t AttemptTracker::FindAttempt(const FlowEvent& e, uint64_t owner) {
  const uint64_t id = FindKnown(e, owner);
  if (id != 0 && id != owner) return id;
  const auto it = open_.find(owner);
  if (it == open_.end()) return id;
  Attempt& a = it->second.attempt;
  const bool older = a.IsOlder(e.key, e.flow);
  // A new allocation, or a new plain call, on the same 5-tuple shows by the generation only.
  if (a.relay() != nullptr) return (e.flow.flags & CANDOR_F_TURN_SERVER) != 0 && older ? 0 : id;
  if (a.plain() && older && !FlowIndex::IsRtcpSibling(e.key, e.flow)) return 0;
  if (id != 0) return id;
  // A flow shows its first ufrag in the same generation: its attempt continues under it.
  if (!a.plain()) return 0;
  a.Adopt(e.flow);
  return owner;
}

OpenAttempt& AttemptTracker::Start(uint64_t id, const FlowEvent& e) {
  const auto it =
      open_.emplace_hint(open_.end(), id, OpenAttempt{.attempt = Attempt(id, e.key, e.flow, e.at)});
  OpenAttempt& o = it->second;
  const AttemptServer server = server_of_ ? server_of_(e) : AttemptServer{0, options_.role};
  o.server = server.id;
  o.totals = &servers_[server.id];
  if (!o.totals->calls) {
    o.totals->calls =
        std::make_unique<PlainCalls>(options_.media_timeout, options_.drop_silence, server.role);
  }
  ++o.totals->open;
  o.counted_as = o.attempt.phase();
  ++o.totals->counts.by_phase.at(static_cast<size_t>(o.counted_as));
  ScheduleLook(o, e.at);
  const Duration since_start = o.attempt.first() - started_;
  const bool bare = o.attempt.bare() && e.flow.checks_in == 0 && !o.attempt.seen_to_begin();
  const bool under_way = bare && since_start < options_.startup_window;
  // A pair in use sends consent checks at least every 6 s (RFC 7675 section 5.1), and the attempt of an
  // evicted flow is held for longer (`idle`): what shows for the first time after that has just begun.
  o.is_new = since_start >= options_.alive;
  // Even if checks were lost.
  o.surely_new = since_start >= options_.consent;
  o.near_start = bare && since_start < options_.one_way_startup_window;
  // First seen long after it began, as when a kept map is read after a restart: suppressed too.
  o.suppressed = under_way || e.at - o.attempt.began() > options_.idle;
  ++o.totals->counts.offered;
  ++lost_open_;  // until OnFlow() says that it is at a socket
  return o;
}

// Finds or opens the attempt that the flow belongs to now, and removes the flow from its previous owner.
OpenAttempt* AttemptTracker::OpenFor(const FlowEvent& e) {
  const uint64_t owner = index_.Owner(e.key);
  uint64_t id = FindAttempt(e, owner);
  if (id == 0) {
    if (FlowIndex::IsRtcpSibling(e.key, e.flow)) return nullptr;
    if (open_.size() >= options_.max_attempts) MakeRoom(e.at);
    id = next_id_++;
    OpenAttempt& fresh = Start(id, e);
    const auto before = open_.find(owner);
    if (before != open_.end())
      fresh.call.resumes =
          PlainCalls::MayResume(before->second.attempt, e.at, before->second.young ? kYoungLook : kRareLook);
  }
  if (owner != 0 && owner != id) LeaveOwner(e, owner, id);
  const auto it = open_.find(id);
  if (it == open_.end()) return nullptr;
  if (!it->second.attempt.Update(e.key, e.flow)) return nullptr;
  index_.Bind(e.key, e.flow, id);
  return &it->second;
}

// After an ICE restart, with another session or a new client on the port the old attempt loses its flow.
void AttemptTracker::LeaveOwner(const FlowEvent& e, uint64_t owner, uint64_t successor) {
  index_.Unbind(e.key, owner);  // the new one may be at its limit of flows
  const auto it = open_.find(owner);
  if (it == open_.end()) return;
  OpenAttempt& old = it->second;
  if (old.attempt.plain() && e.flow.ufrag_hash == 0) return EndCall(it, e);
  const bool restart = old.attempt.ufrag_hash() != 0 && e.flow.ufrag_hash != 0 &&
                       old.attempt.ufrag_hash() != e.flow.ufrag_hash;
  const auto next = open_.find(successor);
  // A session older than Candor may have carried anything.
  if (restart && next != open_.end() && (old.active || BeganBefore(old)))
    next->second.attempt.ContinueSession(old.attempt.media());
  if (old.attempt.Drop(e.key)) {
    CountPhase(old);
    return;
  }
  evaluator_.Replace(old, e.at);
  End(it, e.at, nullptr);
}

// A plain call ends when another takes its 5-tuple. RTCP belongs to the next one from now on; the state of
// the old RTCP flow does not.
void AttemptTracker::EndCall(OpenAttempts::iterator it, const FlowEvent& e) {
  for (const FlowKey& key : it->second.attempt.keys()) {
    if (!FlowKeyEqual()(key, e.key) && index_.Owner(key) == it->first) stale_.push_back(key);
  }
  evaluator_.Finish(it->second, e.at);
  End(it, e.at, nullptr);
}

void AttemptTracker::NoteRelay(OpenAttempt& o, const FlowEvent& e) {
  const uint64_t other = index_.OtherEnd(e.key);
  if (other != 0) YieldToInner(o.attempt.id(), other, e.at);
  if (o.attempt.relay() == nullptr) return;
  if ((e.flow.flags & CANDOR_F_TURN_SERVER) == 0) {
    relays_show_outside_ = true;
  } else {
    index_.relays().Bind(o.attempt.relayed(), o.attempt.id());
  }
  if (relays_show_outside_) o.attempt.ExpectOutside();
}

// Attempts `a` and `b` hold the two ends of one flow between sockets of this node. Where one is an allocation
// (a media server's embedded TURN), the other is the media connection that it carries.
void AttemptTracker::YieldToInner(uint64_t a, uint64_t b, Time now) {
  const auto first = open_.find(a), second = open_.find(b);
  if (first == open_.end() || second == open_.end()) return;
  const bool first_relays = first->second.attempt.relay() != nullptr;
  const bool second_relays = second->second.attempt.relay() != nullptr;
  if (first_relays == second_relays) return;  // two clients of one TURN server are two attempts
  evaluator_.YieldToInner(first_relays ? first->second : second->second, now);
}

void AttemptTracker::OnFlow(const FlowEvent& e) {
  if (started_ == Time{}) Begin(std::min(e.at, TimeFromNanos(e.flow.first_ns)));
  OpenAttempt* o = OpenFor(e);
  if (o == nullptr) return;
  o->totals->Note(e.flow);
  lost_open_ -= o->at_socket ? 0 : 1;
  o->at_socket = true;
  o->reached = o->reached || e.flow.last_in_ns != 0;
  Take(*o, e);
}

void AttemptTracker::Take(OpenAttempt& o, const FlowEvent& e) {
  NoteRelay(o, e);
  evaluator_.Advance(o, e.at);
  CountPhase(o);
  const Time next = e.at + Interval(o, e.at);
  if (next < o.next_look) ScheduleLook(o, next);
}

Duration AttemptTracker::Interval(OpenAttempt& o, Time now) {
  young_ -= o.young ? 1 : 0;
  o.young = IsYoung(o, options_, now);
  young_ += o.young ? 1 : 0;
  return LookInterval(o, options_, now, {open_.size(), young_});
}

void AttemptTracker::ScheduleLook(OpenAttempt& o, Time when) {
  o.next_look = when;
  looks_.emplace(when, o.attempt.id());
}

// In order of first packet, so that the events of one tick do not depend on the queue's order.
std::vector<uint64_t> AttemptTracker::Due(Time now) {
  std::vector<uint64_t> due;
  for (; !looks_.empty() && looks_.top().first <= now; looks_.pop()) due.push_back(looks_.top().second);
  std::sort(due.begin(), due.end());
  due.erase(std::unique(due.begin(), due.end()), due.end());
  return due;
}

void AttemptTracker::Tick(Time now, FlowSource& source) {
  for (const FlowKey& key : stale_) {
    if (index_.Owner(key) == 0) source.Forget(key);
  }
  stale_.clear();
  for (const uint64_t id : Due(now)) {
    const auto it = open_.find(id);
    if (it == open_.end() || it->second.next_look > now) continue;
    OpenAttempt& o = it->second;
    Lookup(o, now, source);
    if (now >= IdleAt(o, options_)) {
      evaluator_.Finish(o, now);
      End(it, now, &source);
    } else {
      ScheduleLook(o, now + Interval(o, now));
    }
  }
}

void AttemptTracker::Lookup(OpenAttempt& o, Time now, FlowSource& source) {
  FlowState state;
  // The source does not have what never reached a socket, and reports it once it does.
  const std::vector<FlowKey> keys = o.at_socket ? o.attempt.keys() : std::vector<FlowKey>();
  for (const FlowKey& key : keys) {
    if (index_.Owner(key) != o.attempt.id() || !source.Lookup(key, &state)) continue;
    // A new flow on the 5-tuple belongs to another attempt and comes with its own event.
    if (o.attempt.IsOlder(key, state)) continue;
    // A handshake without an answer changes no phase, so no event reports it.
    if (o.attempt.IsAnotherSession(key, state)) {
      OnFlow({.at = now, .key = key, .flow = state});
    } else {
      o.attempt.Update(key, state);
      o.reached = o.reached || state.last_in_ns != 0;
      o.totals->Note(state);
    }
  }
  o.attempt.ContinueIfAnswered(now, options_.response_timeout);
  evaluator_.Advance(o, now);
  evaluator_.Check(o, now);
  CountPhase(o);
}

// Keeps by_phase current, so that counts() costs the same however many are open.
void AttemptTracker::CountPhase(OpenAttempt& o) {
  --o.totals->counts.by_phase.at(static_cast<size_t>(o.counted_as));
  o.counted_as = o.attempt.phase();
  ++o.totals->counts.by_phase.at(static_cast<size_t>(o.counted_as));
}

AttemptCounts AttemptTracker::counts() const {
  AttemptCounts all = counts_;
  for (const auto& [server, totals] : servers_) all += totals.counts;
  return all;
}

AttemptCounts AttemptTracker::CountsOf(uint32_t server) const {
  const auto it = servers_.find(server);
  return it == servers_.end() ? AttemptCounts{} : it->second.counts;
}

NodeActivity AttemptTracker::ActivityOf(uint32_t server) const {
  const auto it = servers_.find(server);
  return it == servers_.end() ? NodeActivity{} : it->second.activity;
}

bool AttemptTracker::ForgetServer(uint32_t server) {
  const auto it = servers_.find(server);
  if (it == servers_.end()) return true;
  if (it->second.open > 0) return false;
  counts_ += it->second.counts;
  servers_.erase(it);
  return true;
}

// Removes the attempt from the open ones; `source` forgets its flows that no other attempt holds.
void AttemptTracker::End(OpenAttempts::iterator it, Time now, FlowSource* source) {
  OpenAttempt& o = it->second;
  ended_.Add(o, now);
  evaluator_.Forget(o);
  for (const FlowKey& key : o.attempt.keys()) {
    if (index_.Owner(key) != o.attempt.id()) continue;
    index_.Unbind(key, o.attempt.id());
    if (source != nullptr) source->Forget(key);
  }
  index_.Retire(o.attempt.ufrag_hash(), o.attempt.id());
  index_.relays().Retire(o.attempt.relayed(), o.attempt.id());
  --o.totals->counts.by_phase.at(static_cast<size_t>(o.counted_as));
  --o.totals->open;
  young_ -= o.young ? 1 : 0;
  lost_open_ -= o.at_socket ? 0 : 1;
  open_.erase(it);
}

// Evicts the oldest unacknowledged attempt, or the oldest if all are acknowledged.
void AttemptTracker::MakeRoom(Time now) {
  auto victim =
      std::find_if(open_.begin(), open_.end(), [](const auto& e) { return !e.second.acknowledged; });
  if (victim == open_.end()) victim = open_.begin();
  evaluator_.Replace(victim->second, now);
  ++victim->second.totals->counts.evicted;
  End(victim, now, nullptr);
}

}  // namespace candor
