// SPDX-License-Identifier: Apache-2.0
#include "evidence/media_window.h"

#include <algorithm>
#include <utility>

namespace candor {
namespace {

using Order = std::pair<Time, uint64_t>;
Order OrderOf(const MediaRecord& r) { return {r.attempt.start, r.attempt.id}; }
bool Before(const MediaRecord& r, const Order& order) { return OrderOf(r) < order; }

}  // namespace

MediaContribution MediaContributionOf(MediaKind kind, const MediaRecord& r, Time now) {
  const MediaKindTraits& traits = kMediaTraits[Index(kind)];
  if (r.replaced) return {};
  const Time since = traits.given == 0 ? r.attempt.start : FirstSeen(r, traits.given);
  if (since == Time{}) return {};
  const Time first_seen = FirstSeen(r, traits.bit);
  if (first_seen != Time{})
    return {{Contribution::Kind::kSuccess, 1}, std::max(Duration(0), first_seen - since)};
  const Time until = r.ended == Time{} ? now : r.ended;
  return {{Contribution::Kind::kPending, 1}, std::max(Duration(0), until - since)};
}

void MediaWindow::Add(const AttemptRecord& r) {
  if (records_.size() >= most_ || !started_.emplace(r.id, r.active).second) return;
  MediaRecord fresh;
  fresh.attempt = r;
  fresh.attempt.start = r.active;
  fresh.offered = r.start;
  const auto at = std::lower_bound(records_.begin(), records_.end(), OrderOf(fresh), Before);
  records_.insert(at, fresh);
}

MediaRecord* MediaWindow::Find(uint64_t id) {
  const auto found = started_.find(id);
  if (found == started_.end()) return nullptr;
  const auto at = std::lower_bound(records_.begin(), records_.end(), Order(found->second, id), Before);
  return &*at;
}

void MediaWindow::Observe(const AttemptEvent& e) {
  MediaRecord* r = Find(e.id);
  if (r == nullptr || r->ended != Time{}) return;
  for (size_t i = 0; i < r->first_seen.size(); ++i) {
    const bool set = (e.media >> i & 1u) != 0;
    if (set && r->first_seen[i] == Time{}) r->first_seen[i] = std::max(e.at, r->attempt.start);
  }
  const bool over = e.kind == AttemptEvent::Kind::kClosed || e.kind == AttemptEvent::Kind::kDead;
  if (!over) return;
  r->ended = std::max(e.at, r->attempt.start);
  r->replaced = e.kind == AttemptEvent::Kind::kClosed && e.outcome == Outcome::kReplaced;
}

}  // namespace candor
