// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt_tracker.h"

#include <algorithm>
#include <queue>

#include "attempt/attempt_evaluator.h"
#include "attempt/attempt_lists.h"
#include "attempt/flow_index.h"
#include "attempt/look_interval.h"

namespace candor {

class AttemptTracker::Impl {
 public:
  Impl(AttemptOptions options, Sink sink)
      : options_(options), evaluator_(options_, std::move(sink), &counts_), ended_(options.history) {}

  void Begin(Time at) { started_ = at; }
  void OnFlow(const FlowEvent& e);
  void Tick(Time now, FlowSource& source);

  AttemptCounts counts() const { return counts_; }
  const OpenAttempts& open() const { return open_; }
  const AttemptHistory& ended() const { return ended_; }
  size_t indexed() const { return index_.size(); }

 private:
  OpenAttempt* OpenFor(const FlowEvent& e);
  uint64_t FindAttempt(const FlowEvent& e, uint64_t owner);
  uint64_t FindKnown(const FlowEvent& e, uint64_t owner) const;
  OpenAttempt& Start(uint64_t id, const FlowEvent& e);
  void LeaveOwner(const FlowEvent& e, uint64_t owner, uint64_t successor);
  void EndCall(OpenAttempts::iterator it, const FlowEvent& e);
  void NoteRelay(OpenAttempt& o, const FlowEvent& e);
  void YieldToInner(uint64_t a, uint64_t b, Time now);
  Duration LookInterval(OpenAttempt& o, Time now);
  void LookAt(OpenAttempt& o, Time when);
  std::vector<uint64_t> Due(Time now);
  void Lookup(OpenAttempt& o, Time now, FlowSource& source);
  void Recount(OpenAttempt& o);
  void End(OpenAttempts::iterator it, Time now, FlowSource* source);
  void MakeRoom(Time now);

  AttemptOptions options_;
  AttemptCounts counts_;
  AttemptEvaluator evaluator_;
  Time started_{};
  uint64_t next_id_ = 1;
  OpenAttempts open_;
  size_t young_ = 0;  // of the open ones: OpenAttempt::young
  // When which attempt is worth a look: for each open one an entry of its next_look; others are out of date.
  using TimeAndId = std::pair<Time, uint64_t>;
  std::priority_queue<TimeAndId, std::vector<TimeAndId>, std::greater<>> looks_;
  AttemptHistory ended_;
  FlowIndex index_;
  bool relays_show_outside_ = false;
  std::vector<FlowKey> stale_;  // of calls whose 5-tuple has a new one: to be forgotten with the next tick
};

// The attempt known under the flow's name, an older owner's included; 0: none. Two halves of USERNAME that
// several clients share are reported_phase apart by the handshakes on their 5-tuples.
uint64_t AttemptTracker::Impl::FindKnown(const FlowEvent& e, uint64_t owner) const {
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

// The attempt that the flow belongs to now; 0: a new one. `owner` is the one it belonged to.
uint64_t AttemptTracker::Impl::FindAttempt(const FlowEvent& e, uint64_t owner) {
  const uint64_t id = FindKnown(e, owner);
  if (id != 0 && id != owner) return id;
  const auto it = open_.find(owner);
  if (it == open_.end()) return id;
  Attempt& a = it->second.attempt;
  const bool older = a.IsOlder(e.key, e.flow);
  // A new allocation on its client's 5-tuple has no other name, nor has another call on a plain one.
  if (a.relay() != nullptr) return (e.flow.flags & CANDOR_F_TURN_SERVER) != 0 && older ? 0 : id;
  if (a.plain() && older && !FlowIndex::IsRtcpSibling(e.key, e.flow)) return 0;
  if (id != 0) return id;
  // A flow that had no ufrag shows one, in the same generation: its attempt goes on under that name.
  if (!a.plain()) return 0;
  a.Adopt(e.flow);
  return owner;
}

OpenAttempt& AttemptTracker::Impl::Start(uint64_t id, const FlowEvent& e) {
  const auto it =
      open_.emplace_hint(open_.end(), id, OpenAttempt{.attempt = Attempt(id, e.key, e.flow, e.at)});
  OpenAttempt& o = it->second;
  o.counted_as = o.attempt.phase();
  ++counts_.by_phase.at(static_cast<size_t>(o.counted_as));
  LookAt(o, e.at);
  const Duration since_start = o.attempt.first() - started_;
  const bool bare = o.attempt.bare() && e.flow.checks_in == 0 && !o.attempt.seen_to_begin();
  const bool under_way = bare && since_start < options_.startup_window;
  // A pair in use is asked for consent at least every 6 s (RFC 7675 section 5.1), and an evicted flow's
  // attempt is remembered here for longer (`idle`): what shows later than that for the first time has just
  // begun.
  o.is_new = since_start >= options_.alive;
  // ... unless checks were lost.
  o.surely_new = since_start >= options_.consent;
  o.near_start = bare && since_start < options_.one_way_startup_window;
  // Heard of for the first time long after it began, as when a map is read after a restart: old news.
  o.suppressed = under_way || e.at - o.attempt.began() > options_.idle;
  ++counts_.offered;
  return o;
}

// Finds or opens the attempt that the flow belongs to now, and takes the flow away from an older owner.
OpenAttempt* AttemptTracker::Impl::OpenFor(const FlowEvent& e) {
  const uint64_t owner = index_.Owner(e.key);
  uint64_t id = FindAttempt(e, owner);
  if (id == 0) {
    if (FlowIndex::IsRtcpSibling(e.key, e.flow)) return nullptr;
    if (open_.size() >= options_.max_attempts) MakeRoom(e.at);
    id = next_id_++;
    Start(id, e);
  }
  if (owner != 0 && owner != id) LeaveOwner(e, owner, id);
  const auto it = open_.find(id);
  if (it == open_.end()) return nullptr;
  if (!it->second.attempt.Update(e.key, e.flow)) return nullptr;
  index_.Bind(e.key, e.flow, id);
  return &it->second;
}

// An ICE restart, another session or a new owner of the port: the old attempt loses its flow.
void AttemptTracker::Impl::LeaveOwner(const FlowEvent& e, uint64_t owner, uint64_t successor) {
  index_.Unbind(e.key, owner);  // the new one may have no room for it, and nobody would remember to
  const auto it = open_.find(owner);
  if (it == open_.end()) return;
  OpenAttempt& old = it->second;
  if (old.attempt.plain() && e.flow.ufrag_hash == 0) return EndCall(it, e);
  const bool restart = old.attempt.ufrag_hash() != 0 && e.flow.ufrag_hash != 0 &&
                       old.attempt.ufrag_hash() != e.flow.ufrag_hash;
  const auto next = open_.find(successor);
  // Of a session that was not seen to begin nobody knows what it has carried.
  if (restart && next != open_.end() && (old.active || BeganBefore(old)))
    next->second.attempt.Continues(old.attempt.media());
  if (old.attempt.Drop(e.key)) {
    Recount(old);
    return;
  }
  evaluator_.Replace(old, e.at);
  End(it, e.at, nullptr);
}

// A plain call ends when another takes its 5-tuple. Its RTCP belongs to the next one from now on; what its
// flow has seen does not.
void AttemptTracker::Impl::EndCall(OpenAttempts::iterator it, const FlowEvent& e) {
  for (const FlowKey& key : it->second.attempt.keys()) {
    if (!FlowKeyEqual()(key, e.key) && index_.Owner(key) == it->first) stale_.push_back(key);
  }
  evaluator_.Finish(it->second, e.at);
  End(it, e.at, nullptr);
}

void AttemptTracker::Impl::NoteRelay(OpenAttempt& o, const FlowEvent& e) {
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

// Two attempts hold the two ends of one flow between sockets of this node. Where one is an allocation (a
// media server's embedded TURN), the other is the media connection that it carries.
void AttemptTracker::Impl::YieldToInner(uint64_t a, uint64_t b, Time now) {
  const auto first = open_.find(a), second = open_.find(b);
  if (first == open_.end() || second == open_.end()) return;
  const bool first_relays = first->second.attempt.relay() != nullptr;
  const bool second_relays = second->second.attempt.relay() != nullptr;
  if (first_relays == second_relays) return;  // two clients of one TURN server are two attempts
  evaluator_.YieldToInner(first_relays ? first->second : second->second, now);
}

void AttemptTracker::Impl::OnFlow(const FlowEvent& e) {
  if (started_ == Time{}) Begin(std::min(e.at, TimeFromNanos(e.flow.first_ns)));
  OpenAttempt* o = OpenFor(e);
  if (o == nullptr) return;
  NoteRelay(*o, e);
  evaluator_.Advance(*o, e.at);
  Recount(*o);
  const Time next = e.at + LookInterval(*o, e.at);
  if (next < o->next_look) LookAt(*o, next);
}

Duration AttemptTracker::Impl::LookInterval(OpenAttempt& o, Time now) {
  young_ -= o.young ? 1 : 0;
  o.young = IsYoung(o, options_, now);
  young_ += o.young ? 1 : 0;
  return candor::LookInterval(o, options_, now, {open_.size(), young_});
}

void AttemptTracker::Impl::LookAt(OpenAttempt& o, Time when) {
  o.next_look = when;
  looks_.emplace(when, o.attempt.id());
}

// In order of first packet: what is reported_phase in one tick does not depend on how it was remembered.
std::vector<uint64_t> AttemptTracker::Impl::Due(Time now) {
  std::vector<uint64_t> due;
  for (; !looks_.empty() && looks_.top().first <= now; looks_.pop()) due.push_back(looks_.top().second);
  std::sort(due.begin(), due.end());
  due.erase(std::unique(due.begin(), due.end()), due.end());
  return due;
}

void AttemptTracker::Impl::Tick(Time now, FlowSource& source) {
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
      LookAt(o, now + LookInterval(o, now));
    }
  }
}

void AttemptTracker::Impl::Lookup(OpenAttempt& o, Time now, FlowSource& source) {
  FlowState state;
  const std::vector<FlowKey> keys = o.attempt.keys();
  for (const FlowKey& key : keys) {
    if (index_.Owner(key) != o.attempt.id() || !source.Lookup(key, &state)) continue;
    // What took the 5-tuple over in the meantime is somebody else's: its own event tells of it.
    if (o.attempt.IsOlder(key, state)) continue;
    // A handshake that nobody answers changes no phase: no event tells of it.
    if (o.attempt.IsAnotherSession(key, state)) {
      OnFlow({.at = now, .key = key, .flow = state});
    } else {
      o.attempt.Update(key, state);
    }
  }
  o.attempt.ContinueIfAnswered(now, options_.response_timeout);
  evaluator_.Advance(o, now);
  evaluator_.Check(o, now);
  Recount(o);
}

// The counts by phase follow along, so that asking for them costs nothing however many are open.
void AttemptTracker::Impl::Recount(OpenAttempt& o) {
  --counts_.by_phase.at(static_cast<size_t>(o.counted_as));
  o.counted_as = o.attempt.phase();
  ++counts_.by_phase.at(static_cast<size_t>(o.counted_as));
}

// Removes the attempt from the open ones; `source` forgets its flows, unless they live on elsewhere.
void AttemptTracker::Impl::End(OpenAttempts::iterator it, Time now, FlowSource* source) {
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
  --counts_.by_phase.at(static_cast<size_t>(o.counted_as));
  young_ -= o.young ? 1 : 0;
  open_.erase(it);
}

// At the bound the oldest attempt that nobody acknowledged for goes, else the oldest one.
void AttemptTracker::Impl::MakeRoom(Time now) {
  auto victim =
      std::find_if(open_.begin(), open_.end(), [](const auto& e) { return !e.second.acknowledged; });
  if (victim == open_.end()) victim = open_.begin();
  evaluator_.Evict(victim->second, now);
  ++counts_.evicted;
  End(victim, now, nullptr);
}

AttemptTracker::AttemptTracker(AttemptOptions options, Sink sink)
    : impl_(std::make_unique<Impl>(options, std::move(sink))) {}
AttemptTracker::~AttemptTracker() = default;
void AttemptTracker::Begin(Time at) { impl_->Begin(at); }
void AttemptTracker::OnFlow(const FlowEvent& e) { impl_->OnFlow(e); }
void AttemptTracker::Tick(Time now, FlowSource& source) { impl_->Tick(now, source); }
AttemptCounts AttemptTracker::counts() const { return impl_->counts(); }
std::vector<AttemptView> AttemptTracker::Attempts(size_t limit) const {
  return NewestFirst(impl_->open(), impl_->ended(), limit);
}
std::vector<FlowView> AttemptTracker::Flows(size_t limit) const { return FlowsOf(impl_->open(), limit); }
size_t AttemptTracker::indexed() const { return impl_->indexed(); }
void AttemptTracker::ForEachAttempt(const std::function<void(const AttemptView&)>& visit) const {
  for (const AttemptView& v : OldestFirst(impl_->open(), impl_->ended())) visit(v);
}

}  // namespace candor
