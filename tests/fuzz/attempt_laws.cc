// SPDX-License-Identifier: Apache-2.0
#include "attempt_laws.h"

#include <algorithm>
#include <numeric>
#include <unordered_set>

namespace candor::fuzz {
namespace {

using Kind = AttemptEvent::Kind;

// The monotonic totals of `c`, in a fixed order. A replaced attempt no longer counts as one, so only the sum
// of both is monotonic.
std::array<uint64_t, 8> Totals(const AttemptCounts& c) {
  return {c.attempts + c.replaced,
          c.offered,
          c.acknowledged,
          c.active,
          c.early_drop,
          c.late,
          c.replaced,
          c.evicted};
}

// Over, but it may still become active.
bool MayComeBack(const AttemptEvent& e) {
  return e.kind == Kind::kClosed && (e.outcome == Outcome::kStalled || e.outcome == Outcome::kLeft ||
                                     e.outcome == Outcome::kRefused || e.outcome == Outcome::kUnanswered);
}

template <class Array>
uint64_t Sum(const Array& a) {
  return std::accumulate(a.begin(), a.end(), uint64_t{0});
}

std::string BrokenFlows(const std::vector<FlowView>& flows) {
  std::unordered_set<FlowKey, FlowKeyHash, FlowKeyEqual> keys;
  for (const FlowView& f : flows) {
    if (!keys.insert(f.key).second) return "a flow belongs to one open attempt";
    if (f.attempt_id == 0) return "every flow has its attempt";
  }
  return {};
}

}  // namespace

std::string AttemptLaws::BrokenBy(const AttemptEvent& e) {
  const bool first = reported_.count(e.id) == 0;
  if (e.id == 0 || first != (e.kind == Kind::kOffered)) return "an attempt is offered once, and first";
  Reported& t = reported_[e.id];
  if (t.over && !(t.may_come_back && e.kind == Kind::kActive))
    return "an attempt that is over has no events but a late kActive";
  if (e.phase < t.phase) return "phases never go back";
  t.phase = e.phase;
  const bool again =
      (e.kind == Kind::kAcknowledged && t.acknowledged) || (e.kind == Kind::kActive && t.active);
  if (again) return "an attempt is acknowledged once and active once";
  if (e.kind == Kind::kActive && e.phase != Phase::kActive) return "active is a phase";
  if (e.kind == Kind::kDead && !t.active) return "only an active attempt drops";
  if ((t.media & ~e.media) != 0) return "what has been carried stays carried";
  if (e.kind == Kind::kMedia && e.media == t.reported_media) return "kMedia reports a new kind";
  t.media = e.media;
  if (e.kind == Kind::kOffered || e.kind == Kind::kMedia) t.reported_media = e.media;
  t.acknowledged |= e.kind == Kind::kAcknowledged;
  t.active |= e.kind == Kind::kActive;
  t.over = e.kind == Kind::kDead || e.kind == Kind::kClosed;
  t.may_come_back = MayComeBack(e);
  return e.kind == Kind::kClosed && e.outcome == Outcome::kPending ? "what is over has an outcome" : "";
}

std::string AttemptLaws::BrokenView(const AttemptView& v) {
  if (v.id == 0 || v.key.size() > CANDOR_UFRAG_TEXT) return "an attempt has a name";
  if (v.flows == 0 || v.flows > 100) return "an attempt has flows, and not too many";
  if (v.active != Time{} && v.phase != Phase::kActive) return "what became active has come farthest";
  if (v.phase == Phase::kActive && v.active == Time{}) return "what is active has a time of that";
  const auto [it, fresh] = seen_.emplace(v.id, v);
  if (fresh) return {};
  const AttemptView& before = it->second;
  if (v.phase < before.phase) return "phases never go back";
  if (v.first != before.first) return "the first packet stays the first";
  if (before.active != Time{} && v.active != before.active) return "an attempt becomes active once";
  if (before.ended != Time{} && v.ended != before.ended) return "an attempt ends once";
  if (before.acknowledged && !v.acknowledged) return "an acknowledgement is final";
  if (v.last_in < before.last_in || v.last_out < before.last_out) return "time never runs backwards";
  if ((before.media & ~v.media) != 0) return "what has been carried stays carried";
  if (v.repeats < before.repeats) return "counters never decrease";
  it->second = v;
  return {};
}

std::string AttemptLaws::BrokenCounts(const AttemptCounts& now, const std::array<uint64_t, 6>& open) const {
  const auto before = Totals(last_), after = Totals(now);
  for (size_t i = 0; i < before.size(); ++i) {
    if (after[i] < before[i]) return "counters never decrease";
  }
  if (now.active > now.attempts) return "never more active attempts than attempts";
  if (now.attempts > now.offered) return "never more attempts than offered";
  // What was acknowledged and then replaced is no attempt any more.
  if (now.acknowledged > now.attempts + now.replaced)
    return "what was acknowledged is an attempt, unless replaced";
  if (now.early_drop > now.active) return "only an active attempt drops";
  if (!now.AddsUp()) return "every attempt has exactly one outcome";
  if (now.attempts + now.unanswered + now.replaced > now.offered)
    return "what is no attempt counts separately";
  if (now.by_phase != open) return "every open attempt counts in the phase that it shows";
  return {};
}

std::string AttemptLaws::BrokenIn(const AttemptTracker& tracker) {
  std::string broken;
  size_t ended = 0;
  std::array<uint64_t, 6> by_phase{};
  tracker.ForEachAttempt([&](const AttemptView& v) {
    ++(v.ended == Time{} ? by_phase.at(static_cast<size_t>(v.phase)) : ended);
    if (broken.empty()) broken = BrokenView(v);
  });
  if (!broken.empty()) return broken;
  const size_t open = Sum(by_phase);
  if (open > options_.max_attempts || ended > options_.history) return "memory is bounded by configuration";
  const AttemptCounts now = tracker.counts();
  broken = BrokenCounts(now, by_phase);
  last_ = now;
  if (!broken.empty()) return broken;
  return BrokenFlows(tracker.Flows(SIZE_MAX));
}

}  // namespace candor::fuzz
