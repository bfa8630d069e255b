// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt_tracker.h"

#include <algorithm>
#include <deque>
#include <map>

#include "attempt/attempt.h"
#include "attempt/flow_index.h"
#include "attempt/settler.h"

namespace candor {

class AttemptTracker::Impl {
 public:
  Impl(AttemptOptions options, Sink sink)
      : options_(options), settler_(options_, std::move(sink), &counts_) {}

  void OnFlow(const FlowEvent& e);
  void Tick(Time now, FlowSource& source);

  AttemptCounts counts() const;
  std::vector<AttemptView> Attempts(size_t limit) const;
  std::vector<FlowView> Flows(size_t limit) const;
  void ForEachAttempt(const std::function<void(const AttemptView&)>& visit) const;
  size_t indexed() const { return index_.size(); }

 private:
  using Opens = std::map<uint64_t, OpenAttempt>;  // by id: in order of first packet

  OpenAttempt* OpenFor(const FlowEvent& e);
  uint64_t BelongsTo(const FlowEvent& e, uint64_t owner);
  OpenAttempt& Start(uint64_t id, const FlowEvent& e);
  void LeaveOwner(const FlowKey& key, uint64_t owner, Time now);
  void NoteRelay(OpenAttempt& o, const FlowEvent& e);
  void YieldToInner(uint64_t a, uint64_t b, Time now);
  void Look(OpenAttempt& o, Time now, FlowSource& source);
  void Remember(const OpenAttempt& o, Time now);
  Opens::iterator End(Opens::iterator it, Time now, FlowSource* source);
  void MakeRoom(Time now);

  AttemptOptions options_;
  AttemptCounts counts_;
  Settler settler_;
  Time started_{};
  uint64_t next_id_ = 1;
  Opens open_;
  std::deque<AttemptView> ended_;  // oldest first
  FlowIndex index_;
  bool relays_show_outside_ = false;
};

namespace {

AttemptView ViewOf(const OpenAttempt& o) {
  AttemptView v = o.attempt.View();
  v.owed = o.owed;
  v.peer_alive = o.alive;
  v.outcome = o.outcome;
  return v;
}

}  // namespace

// The attempt that the flow belongs to now; 0: a new one. `owner` is the one it belonged to.
uint64_t AttemptTracker::Impl::BelongsTo(const FlowEvent& e, uint64_t owner) {
  const uint64_t id = index_.Find(e.key, e.flow);
  if (id != 0 && id != owner) return id;
  const auto it = open_.find(owner);
  if (it == open_.end()) return id;
  Attempt& a = it->second.attempt;
  // A new allocation on its client's 5-tuple has no other name.
  if (a.relay() != nullptr)
    return (e.flow.flags & CANDOR_F_TURN_SERVER) != 0 && a.IsOlder(e.key, e.flow) ? 0 : id;
  if (id != 0) return id;
  // A flow that had no ufrag shows one, in the same generation: its attempt goes on under that name.
  if (!a.plain() || e.flow.generation != 0) return 0;
  a.Adopt(e.flow);
  return owner;
}

OpenAttempt& AttemptTracker::Impl::Start(uint64_t id, const FlowEvent& e) {
  const auto it = open_.emplace_hint(
      open_.end(), id, OpenAttempt{.attempt = Attempt(id, e.key, e.flow, e.at), .next_look = e.at});
  OpenAttempt& o = it->second;
  const bool under_way =
      e.flow.checks_in == 0 && o.attempt.plain() && o.attempt.first() - started_ < options_.settling;
  // Heard of for the first time long after it began, as when a map is read after a restart: old news.
  o.muted = under_way || e.at - o.attempt.began() > options_.idle;
  ++counts_.offered;
  return o;
}

// Finds or opens the attempt that the flow belongs to now, and takes the flow away from an older owner.
OpenAttempt* AttemptTracker::Impl::OpenFor(const FlowEvent& e) {
  const uint64_t owner = index_.Owner(e.key);
  uint64_t id = BelongsTo(e, owner);
  if (id == 0) {
    if (FlowIndex::IsRtcpSibling(e.key, e.flow)) return nullptr;
    if (open_.size() >= options_.max_attempts) MakeRoom(e.at);
    id = next_id_++;
    Start(id, e);
  }
  if (owner != 0 && owner != id) LeaveOwner(e.key, owner, e.at);
  const auto it = open_.find(id);
  if (it == open_.end()) return nullptr;
  if (!it->second.attempt.Update(e.key, e.flow)) return nullptr;
  index_.Bind(e.key, e.flow, id);
  return &it->second;
}

// An ICE restart or a new owner of the port: the old attempt loses its flow.
void AttemptTracker::Impl::LeaveOwner(const FlowKey& key, uint64_t owner, Time now) {
  index_.Unbind(key, owner);  // the new one may have no room for it, and nobody would remember to
  const auto it = open_.find(owner);
  if (it == open_.end() || it->second.attempt.Drop(key)) return;
  settler_.Replace(it->second, now);
  End(it, now, nullptr);
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
  settler_.YieldToInner(first_relays ? first->second : second->second, now);
}

void AttemptTracker::Impl::OnFlow(const FlowEvent& e) {
  if (started_ == Time{}) started_ = std::min(e.at, TimeFromNanos(e.flow.first_ns));
  OpenAttempt* o = OpenFor(e);
  if (o == nullptr) return;
  NoteRelay(*o, e);
  settler_.Advance(*o, e.at);
  o->next_look = std::min(o->next_look, e.at + settler_.Pace(*o, e.at));
}

void AttemptTracker::Impl::Tick(Time now, FlowSource& source) {
  for (auto it = open_.begin(); it != open_.end();) {
    OpenAttempt& o = it->second;
    if (o.next_look > now) {
      ++it;
      continue;
    }
    Look(o, now, source);
    if (now - std::max(o.attempt.last_heard(), o.attempt.first()) >= settler_.Idle(o)) {
      settler_.Finish(o, now);
      it = End(it, now, &source);
      continue;
    }
    o.next_look = now + settler_.Pace(o, now);
    ++it;
  }
}

void AttemptTracker::Impl::Look(OpenAttempt& o, Time now, FlowSource& source) {
  FlowState state;
  const std::vector<FlowKey> keys = o.attempt.keys();
  for (const FlowKey& key : keys) {
    if (index_.Owner(key) == o.attempt.id() && source.Look(key, &state)) o.attempt.Update(key, state);
  }
  settler_.Advance(o, now);
  settler_.Check(o, now);
}

void AttemptTracker::Impl::Remember(const OpenAttempt& o, Time now) {
  if (options_.history == 0) return;
  if (ended_.size() >= options_.history) ended_.pop_front();
  ended_.push_back(ViewOf(o));
  ended_.back().ended = now;
}

// Removes the attempt from the open ones; `source` forgets its flows, unless they live on elsewhere.
AttemptTracker::Impl::Opens::iterator AttemptTracker::Impl::End(Opens::iterator it, Time now,
                                                                FlowSource* source) {
  OpenAttempt& o = it->second;
  Remember(o, now);
  for (const FlowKey& key : o.attempt.keys()) {
    if (index_.Owner(key) != o.attempt.id()) continue;
    index_.Unbind(key, o.attempt.id());
    if (source != nullptr) source->Forget(key);
  }
  index_.Retire(o.attempt.ufrag_hash(), o.attempt.id());
  index_.relays().Retire(o.attempt.relayed(), o.attempt.id());
  return open_.erase(it);
}

// At the bound the oldest attempt that nobody vouched for goes, else the oldest one.
void AttemptTracker::Impl::MakeRoom(Time now) {
  auto victim = std::find_if(open_.begin(), open_.end(), [](const auto& e) { return !e.second.vouched; });
  if (victim == open_.end()) victim = open_.begin();
  settler_.Evict(victim->second, now);
  ++counts_.evicted;
  End(victim, now, nullptr);
}

AttemptCounts AttemptTracker::Impl::counts() const {
  AttemptCounts out = counts_;
  for (const auto& [id, o] : open_) ++out.by_phase.at(static_cast<size_t>(o.attempt.phase()));
  return out;
}

std::vector<AttemptView> AttemptTracker::Impl::Attempts(size_t limit) const {
  std::vector<AttemptView> out;
  for (auto it = open_.rbegin(); it != open_.rend() && out.size() < limit; ++it) {
    out.push_back(ViewOf(it->second));
  }
  for (auto it = ended_.rbegin(); it != ended_.rend() && out.size() < limit; ++it) out.push_back(*it);
  return out;
}

std::vector<FlowView> AttemptTracker::Impl::Flows(size_t limit) const {
  std::vector<FlowView> out;
  for (auto it = open_.rbegin(); it != open_.rend(); ++it) {
    const Attempt& a = it->second.attempt;
    for (size_t i = 0; i < a.keys().size(); ++i) {
      if (out.size() >= limit) return out;
      out.push_back({a.keys()[i], a.states()[i], a.id()});
    }
  }
  return out;
}

void AttemptTracker::Impl::ForEachAttempt(const std::function<void(const AttemptView&)>& visit) const {
  std::vector<AttemptView> all(ended_.begin(), ended_.end());
  for (const auto& [id, o] : open_) all.push_back(ViewOf(o));
  std::sort(all.begin(), all.end(), [](const AttemptView& a, const AttemptView& b) { return a.id < b.id; });
  for (const AttemptView& v : all) visit(v);
}

AttemptTracker::AttemptTracker(AttemptOptions options, Sink sink)
    : impl_(std::make_unique<Impl>(options, std::move(sink))) {}
AttemptTracker::~AttemptTracker() = default;
void AttemptTracker::OnFlow(const FlowEvent& e) { impl_->OnFlow(e); }
void AttemptTracker::Tick(Time now, FlowSource& source) { impl_->Tick(now, source); }
AttemptCounts AttemptTracker::counts() const { return impl_->counts(); }
std::vector<AttemptView> AttemptTracker::Attempts(size_t limit) const { return impl_->Attempts(limit); }
std::vector<FlowView> AttemptTracker::Flows(size_t limit) const { return impl_->Flows(limit); }
size_t AttemptTracker::indexed() const { return impl_->indexed(); }
void AttemptTracker::ForEachAttempt(const std::function<void(const AttemptView&)>& visit) const {
  impl_->ForEachAttempt(visit);
}

}  // namespace candor
