// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt_tracker.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "attempt/attempt.h"
#include "attempt/flow_index.h"
#include "attempt/owes.h"

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What the tracker remembers beside the attempt itself.
struct Open {
  Attempt attempt;
  Time next_look{};
  bool real = false;     // counted among the attempts
  bool offered = false;  // told the judge
  bool vouched = false;
  bool active = false;
  bool closed = false;  // told the judge that it is over, or that it died
  bool muted = false;   // began before Candor did: the judge never hears of it
  Outcome outcome = Outcome::kPending;
  Owed owed = Owed::kNone;
  bool alive = true;
};

}  // namespace

class AttemptTracker::Impl {
 public:
  Impl(AttemptOptions options, Sink sink)
      : options_(options), patience_{options.patience, options.media_patience}, sink_(std::move(sink)) {}

  void OnFlow(const FlowEvent& e);
  void Tick(Time now, FlowSource& source);

  AttemptCounts counts() const;
  std::vector<AttemptView> Attempts(size_t limit) const;
  std::vector<FlowView> Flows(size_t limit) const;
  void ForEachAttempt(const std::function<void(const AttemptView&)>& visit) const;

 private:
  using Opens = std::map<uint64_t, Open>;  // by id: in order of first packet

  Open* OpenFor(const FlowEvent& e);
  uint64_t Rekey(uint64_t owner, const FlowState& flow);
  void LeaveOwner(const FlowKey& key, uint64_t owner, Time now);
  void Advance(Open& o, Time now);
  void Look(Open& o, Time now, FlowSource& source);
  void CheckPending(Open& o, Time now);
  void CheckActive(Open& o, Time now);
  void Settle(Open& o, Time now);
  void Close(Open& o, Time now, Outcome outcome);
  void Remember(const Open& o, Time now);
  Opens::iterator End(Opens::iterator it, Time now, FlowSource* source);
  void MakeRoom(Time now);
  void Tell(const Open& o, AttemptEvent::Kind kind, Time at) const;
  Duration Pace(const Open& o, Time now) const;
  AttemptView ViewOf(const Open& o) const;

  AttemptOptions options_;
  Patience patience_;
  Sink sink_;
  Time started_{};
  uint64_t next_id_ = 1;
  Opens open_;
  std::deque<AttemptView> ended_;  // oldest first
  FlowIndex index_;
  DtlsHabit habit_;
  AttemptCounts counts_;
};

void AttemptTracker::Impl::Tell(const Open& o, AttemptEvent::Kind kind, Time at) const {
  if (o.muted) return;
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

// Finds or opens the attempt that the flow belongs to now, and takes the flow away from an older owner.
Open* AttemptTracker::Impl::OpenFor(const FlowEvent& e) {
  uint64_t id = index_.Find(e.key, e.flow);
  const uint64_t owner = index_.Owner(e.key);
  if (id == 0 && owner != 0) id = Rekey(owner, e.flow);
  if (id == 0) {
    if (FlowIndex::IsRtcpSibling(e.key, e.flow)) return nullptr;
    if (open_.size() >= options_.max_attempts) MakeRoom(e.at);
    id = next_id_++;
    const auto it = open_.emplace_hint(open_.end(), id,
                                       Open{.attempt = Attempt(id, e.key, e.flow, e.at), .next_look = e.at});
    it->second.muted =
        e.flow.checks_in == 0 && it->second.attempt.plain() && e.at - started_ < options_.settling;
    ++counts_.offered;
  }
  if (owner != 0 && owner != id) LeaveOwner(e.key, owner, e.at);
  const auto it = open_.find(id);
  if (it == open_.end()) return nullptr;
  if (!it->second.attempt.Update(e.key, e.flow)) return nullptr;
  index_.Bind(e.key, e.flow, id);
  return &it->second;
}

// A flow that had no ufrag shows one, in the same generation: its attempt goes on under that name.
uint64_t AttemptTracker::Impl::Rekey(uint64_t owner, const FlowState& flow) {
  const auto it = open_.find(owner);
  if (it == open_.end() || !it->second.attempt.plain() || flow.generation != 0) return 0;
  it->second.attempt.Adopt(flow);
  return owner;
}

// An ICE restart or a new owner of the port: the old attempt loses its flow.
void AttemptTracker::Impl::LeaveOwner(const FlowKey& key, uint64_t owner, Time now) {
  const auto it = open_.find(owner);
  if (it == open_.end() || it->second.attempt.Drop(key)) return;
  Open& o = it->second;
  if (!o.closed) Close(o, now, o.active ? Outcome::kActive : Outcome::kReplaced);
  End(it, now, nullptr);
}

void AttemptTracker::Impl::OnFlow(const FlowEvent& e) {
  if (started_ == Time{}) started_ = e.at;
  Open* o = OpenFor(e);
  if (o == nullptr) return;
  Advance(*o, e.at);
  o->next_look = std::min(o->next_look, e.at + Pace(*o, e.at));
}

// Tells the judge what the newest state brought, in the order of an attempt's life.
void AttemptTracker::Impl::Advance(Open& o, Time now) {
  const Attempt& a = o.attempt;
  const bool plain_media = a.plain() && a.proven_media();
  if (!o.real && (a.vouched() || a.node_initiated() || plain_media)) {
    o.real = true;
    ++counts_.attempts;
  }
  // An attempt that only the node has spoken in has no peer yet, only candidates. What shows no credentials,
  // or does not ask again, is a stranger's until the node answers it: a client that waits repeats its check
  // after 500 ms (RFC 8445 section 14.3), a scanner goes on to the next port.
  const bool waits = a.credentialed() && a.asks_again();
  if (!o.offered && ((a.heard() && (waits || a.proven_media())) || a.vouched())) {
    o.offered = true;
    Tell(o, AttemptEvent::Kind::kOffered, std::min(a.first(), now));
    if (o.owed != Owed::kNone) Tell(o, AttemptEvent::Kind::kOwed, now);  // what was kept back until now
  }
  if (!o.vouched && a.vouched() && a.heard()) {
    o.vouched = true;
    ++counts_.vouched;
    if (!o.closed) Tell(o, AttemptEvent::Kind::kVouched, now);
  }
  if (!o.active && a.active_at() != Time{}) {
    o.active = true;
    if (a.dtls_client() != Owed::kNone) habit_.Saw(a.dtls_client() == Owed::kNode);
    ++counts_.active;
    if (!o.muted) counts_.setup.Add(a.active_at() - a.first());
    if (!o.muted && !o.closed) counts_.settled.Add(Outcome::kActive, Phase::kActive, Owed::kNone);
    o.outcome = Outcome::kActive;
    o.owed = Owed::kNone;
    if (!o.closed) Tell(o, AttemptEvent::Kind::kActive, now);
  }
  if (!o.active && !o.closed && a.refused_by_alert()) Close(o, now, Outcome::kRefused);
}

Duration AttemptTracker::Impl::Pace(const Open& o, Time now) const {
  if (o.closed) return seconds(5);
  if (!o.active) return milliseconds(250);
  return now - o.attempt.active_at() <= options_.early + options_.drop_silence ? seconds(1) : seconds(5);
}

void AttemptTracker::Impl::Tick(Time now, FlowSource& source) {
  for (auto it = open_.begin(); it != open_.end();) {
    Open& o = it->second;
    if (o.next_look > now) {
      ++it;
      continue;
    }
    Look(o, now, source);
    const bool over = now - std::max(o.attempt.last_heard(), o.attempt.first()) >= options_.idle;
    if (over) {
      if (!o.closed && o.active) Close(o, now, Outcome::kActive);
      if (!o.closed) Settle(o, now);
      it = End(it, now, &source);
      continue;
    }
    o.next_look = now + Pace(o, now);
    ++it;
  }
}

void AttemptTracker::Impl::Look(Open& o, Time now, FlowSource& source) {
  FlowState state;
  const std::vector<FlowKey> keys = o.attempt.keys();
  for (const FlowKey& key : keys) {
    if (index_.Owner(key) == o.attempt.id() && source.Look(key, &state)) o.attempt.Update(key, state);
  }
  Advance(o, now);
  if (o.closed) return;
  if (o.active) {
    CheckActive(o, now);
  } else {
    CheckPending(o, now);
  }
}

void AttemptTracker::Impl::CheckPending(Open& o, Time now) {
  const Attempt& a = o.attempt;
  const Owed owed = a.OwedAt(now, patience_, habit_.UsualClient());
  const bool alive = a.heard() && now - a.last_in() < options_.alive;
  if (owed != o.owed || alive != o.alive) {
    o.owed = owed;
    o.alive = alive;
    if (o.offered) Tell(o, AttemptEvent::Kind::kOwed, now);
  }
  if (now - a.first() >= options_.deadline) Settle(o, now);
}

// The deadline: alive is a stall, silent has left, never vouched never was an attempt.
void AttemptTracker::Impl::Settle(Open& o, Time now) {
  const Attempt& a = o.attempt;
  if (!o.real && a.heard()) {
    Close(o, now, a.stun_error() >= 400 && a.stun_error() < 500 ? Outcome::kRefused : Outcome::kUnanswered);
  } else if (!o.alive && o.owed != Owed::kNode) {
    Close(o, now, Outcome::kLeft);
  } else {
    Close(o, now, Outcome::kStalled);
  }
}

void AttemptTracker::Impl::CheckActive(Open& o, Time now) {
  const Attempt& a = o.attempt;
  const bool young = now - a.active_at() <= options_.early + options_.drop_silence;
  if (!young || a.said_goodbye()) return;
  if (!a.NodeFellSilent(now, patience_.exchange, options_.drop_silence)) return;
  o.closed = true;
  o.outcome = Outcome::kEarlyDrop;
  o.owed = Owed::kNode;
  ++counts_.early_drop;
  Tell(o, AttemptEvent::Kind::kDead, now);
}

void AttemptTracker::Impl::Close(Open& o, Time now, Outcome outcome) {
  o.closed = true;
  o.outcome = outcome;
  if (!o.active && !o.muted) counts_.settled.Add(outcome, o.attempt.phase(), o.owed);
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

AttemptView AttemptTracker::Impl::ViewOf(const Open& o) const {
  AttemptView v = o.attempt.View();
  v.owed = o.owed;
  v.peer_alive = o.alive;
  v.outcome = o.outcome;
  return v;
}

void AttemptTracker::Impl::Remember(const Open& o, Time now) {
  if (options_.history == 0) return;
  if (ended_.size() >= options_.history) ended_.pop_front();
  ended_.push_back(ViewOf(o));
  ended_.back().ended = now;
}

// Removes the attempt from the open ones; `source` forgets its flows, unless they live on elsewhere.
AttemptTracker::Impl::Opens::iterator AttemptTracker::Impl::End(Opens::iterator it, Time now,
                                                                FlowSource* source) {
  Open& o = it->second;
  Remember(o, now);
  for (const FlowKey& key : o.attempt.keys()) {
    if (index_.Owner(key) != o.attempt.id()) continue;
    index_.Unbind(key, o.attempt.id());
    if (source != nullptr) source->Forget(key);
  }
  index_.Retire(o.attempt.ufrag_hash(), o.attempt.id());
  return open_.erase(it);
}

// At the bound the oldest attempt that nobody vouched for goes, else the oldest one.
void AttemptTracker::Impl::MakeRoom(Time now) {
  auto victim = std::find_if(open_.begin(), open_.end(), [](const auto& e) { return !e.second.vouched; });
  if (victim == open_.end()) victim = open_.begin();
  if (!victim->second.closed) Close(victim->second, now, Outcome::kReplaced);
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
void AttemptTracker::ForEachAttempt(const std::function<void(const AttemptView&)>& visit) const {
  impl_->ForEachAttempt(visit);
}

}  // namespace candor
