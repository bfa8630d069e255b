// SPDX-License-Identifier: Apache-2.0
#include "status/snapshot_store.h"

#include <algorithm>
#include <utility>

namespace candor {
namespace {

bool SameServers(const std::vector<ServerStatus>& a, const std::vector<ServerStatus>& b) {
  // A change of the only one is one of the node.
  if (a.size() <= 1 && b.size() <= 1) return true;
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ServerStatus& x, const ServerStatus& y) {
    return x.name == y.name && x.verdict.state == y.verdict.state && x.verdict.reason == y.verdict.reason &&
           x.serving == y.serving;
  });
}

// The fields whose change counts. Details are left out: their figures change with every packet.
bool SameForWatchers(const Snapshot& a, const Snapshot& b) {
  return a.verdict.state == b.verdict.state && a.verdict.reason == b.verdict.reason &&
         a.verdict.cause.code == b.verdict.cause.code && a.source.blindness.code == b.source.blindness.code &&
         IsObserving(a.source) == IsObserving(b.source) && a.self.answer == b.self.answer &&
         a.overrides == b.overrides && a.serving == b.serving && SameServers(a.servers, b.servers);
}

Snapshot FirstSnapshot(uint64_t sequence, const std::vector<std::string>& servers) {
  Snapshot s;
  s.sequence = sequence;
  s.verdict.reason = "starting";
  s.verdict.detail = "candord is starting; nothing has been seen yet";
  s.source.blindness = {s.verdict.reason, s.verdict.detail};
  s.self.answer = SelfAnswer::kPending;
  for (const std::string& name : servers) {
    s.servers.emplace_back().name = name;
    s.servers.back().verdict = s.verdict;
  }
  return s;
}

// `judged`: of the node, or of one of its servers.
bool Serving(const Snapshot& s, const Verdict& judged, BlindPolicy policy) {
  const auto overridden = ServingByOverride(s.overrides);
  if (overridden) return *overridden;
  const State state = WithBlindness(judged, s.source.blindness, s.blind_since).state;
  return EffectiveServing(state, s.self, policy);
}

}  // namespace

SnapshotStore::SnapshotStore(BlindPolicy policy, uint64_t sequence, const std::vector<std::string>& servers)
    : current_(std::make_shared<const Snapshot>(FirstSnapshot(sequence, servers))), policy_(policy) {}

void SnapshotStore::Publish(Snapshot next) {
  const std::lock_guard lock(publish_mutex_);
  const SnapshotPtr last = Read();
  next.overrides = InForce(last->overrides, next.judged_boot());
  next.steering = last->steering;
  next.metrics_page = last->metrics_page;
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

void SnapshotStore::SetSteering(steer::SteerStatus status) {
  const std::lock_guard lock(publish_mutex_);
  const SnapshotPtr last = Read();
  Snapshot next = *last;
  next.steering = std::move(status);
  Commit(std::move(next), *last);
}

void SnapshotStore::SetMetricsPage(MetricsPage page) {
  const std::lock_guard lock(publish_mutex_);
  const SnapshotPtr last = Read();
  Snapshot next = *last;
  next.metrics_page = std::move(page);
  Commit(std::move(next), *last);
}

void SnapshotStore::Commit(Snapshot next, const Snapshot& last) {
  // The first snapshot is blind and has no time.
  const bool was_blind = last.source.blindness.blind() && last.blind_since != Time{};
  next.blind_since = !next.source.blindness.blind() ? Time{} : was_blind ? last.blind_since : next.verdict.at;
  next.serving = Serving(next, next.verdict, policy_);
  for (ServerStatus& s : next.servers) s.serving = Serving(next, s.verdict, policy_);
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
