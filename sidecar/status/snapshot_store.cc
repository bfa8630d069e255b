// SPDX-License-Identifier: Apache-2.0
#include "status/snapshot_store.h"

#include <utility>

namespace candor {
namespace {

// The fields whose change counts. Details are left out: their figures change with every packet.
bool SameForWatchers(const Snapshot& a, const Snapshot& b) {
  return a.verdict.state == b.verdict.state && a.verdict.reason == b.verdict.reason &&
         a.verdict.cause.code == b.verdict.cause.code && a.source.blindness.code == b.source.blindness.code &&
         IsObserving(a.source) == IsObserving(b.source) && a.self.answer == b.self.answer &&
         a.overrides == b.overrides && a.serving == b.serving;
}

Snapshot FirstSnapshot(uint64_t sequence) {
  Snapshot s;
  s.sequence = sequence;
  s.verdict.reason = "starting";
  s.verdict.detail = "candord is starting; nothing has been seen yet";
  s.source.blindness = {s.verdict.reason, s.verdict.detail};
  s.self.answer = SelfAnswer::kPending;
  return s;
}

bool Serving(const Snapshot& s, BlindPolicy policy) {
  const auto overridden = ServingByOverride(s.overrides);
  return overridden ? *overridden : EffectiveServing(s.without_overrides().state, s.self, policy);
}

}  // namespace

SnapshotStore::SnapshotStore(BlindPolicy policy, uint64_t sequence)
    : current_(std::make_shared<const Snapshot>(FirstSnapshot(sequence))), policy_(policy) {}

void SnapshotStore::Publish(Snapshot next) {
  const std::lock_guard lock(publish_mutex_);
  const SnapshotPtr last = Read();
  next.overrides = InForce(last->overrides, next.judged_boot());
  Commit(std::move(next), *last);
}

void SnapshotStore::ApplyOverrides(const std::function<void(Overrides&)>& change) {
  const std::lock_guard lock(publish_mutex_);
  const SnapshotPtr last = Read();
  Snapshot next = *last;
  change(next.overrides);
  Commit(std::move(next), *last);
}

void SnapshotStore::SetBlindPolicy(BlindPolicy policy) {
  const std::lock_guard lock(publish_mutex_);
  const SnapshotPtr last = Read();
  policy_ = policy;
  Commit(*last, *last);
}

void SnapshotStore::Commit(Snapshot next, const Snapshot& last) {
  // The first snapshot is blind and has no time.
  const bool was_blind = last.source.blindness.blind() && last.blind_since != Time{};
  next.blind_since = !next.source.blindness.blind() ? Time{} : was_blind ? last.blind_since : next.verdict.at;
  next.serving = Serving(next, policy_);
  const bool same = SameForWatchers(last, next);
  next.sequence = last.sequence + (same ? 0 : 1);
  auto published = std::make_shared<const Snapshot>(std::move(next));
  {
    const std::lock_guard lock(mutex_);
    current_ = published;
  }
  if (same) return;
  for (const auto& [id, on_change] : subscribers_) on_change(published);
}

SnapshotPtr SnapshotStore::Read() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

uint64_t SnapshotStore::Subscribe(OnChange on_change) {
  const std::lock_guard lock(publish_mutex_);
  const uint64_t id = next_subscriber_++;
  subscribers_.emplace(id, std::move(on_change));
  return id;
}

void SnapshotStore::Unsubscribe(uint64_t id) {
  const std::lock_guard lock(publish_mutex_);
  subscribers_.erase(id);
}

}  // namespace candor
