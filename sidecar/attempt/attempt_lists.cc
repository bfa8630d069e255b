// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt_lists.h"

#include <algorithm>

namespace candor {
namespace {

AttemptView ViewOf(const OpenAttempt& o) {
  AttemptView v = o.attempt.View();
  v.waiting_on = o.waiting_on;
  v.peer_alive = o.alive;
  v.outcome = o.outcome;
  v.lost = o.lost_reason;
  v.began_before = BeganBefore(o);
  v.server = o.server;
  return v;
}

}  // namespace

void AttemptHistory::Add(const OpenAttempt& ended, Time now) {
  if (max_ == 0) return;
  if (views_.size() >= max_) views_.pop_front();
  views_.push_back(ViewOf(ended));
  views_.back().ended = now;
}

std::vector<AttemptView> NewestFirst(const OpenAttempts& open, const AttemptHistory& ended, size_t limit) {
  std::vector<AttemptView> out;
  for (auto it = open.rbegin(); it != open.rend() && out.size() < limit; ++it) {
    out.push_back(ViewOf(it->second));
  }
  const auto& over = ended.views();
  for (auto it = over.rbegin(); it != over.rend() && out.size() < limit; ++it) out.push_back(*it);
  return out;
}

std::vector<AttemptView> OldestFirst(const OpenAttempts& open, const AttemptHistory& ended) {
  std::vector<AttemptView> all(ended.views().begin(), ended.views().end());
  for (const auto& [id, o] : open) all.push_back(ViewOf(o));
  std::sort(all.begin(), all.end(), [](const AttemptView& a, const AttemptView& b) { return a.id < b.id; });
  return all;
}

namespace {

Time OneWaySince(const OpenAttempt& o) {
  const Attempt& a = o.attempt;
  if (o.outcome == Outcome::kEarlyDrop) return std::max(a.last_media_out(), a.active_at());
  if (o.waiting_on == WaitingOn::kNode && a.bare()) return a.peer_media_since();
  const Time muted = o.running.one_way_since();
  return muted != Time{} ? muted : o.reports.unheard_since();
}

}  // namespace

std::vector<FlowView> FlowsOf(const OpenAttempts& open, size_t limit) {
  std::vector<FlowView> out;
  for (auto it = open.rbegin(); it != open.rend(); ++it) {
    const Attempt& a = it->second.attempt;
    const Time one_way_since = OneWaySince(it->second);
    for (size_t i = 0; i < a.keys().size(); ++i) {
      if (out.size() >= limit) return out;
      out.push_back({a.keys()[i], a.states()[i], a.id(), it->second.server, one_way_since});
    }
  }
  return out;
}

}  // namespace candor
