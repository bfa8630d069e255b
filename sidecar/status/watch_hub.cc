// SPDX-License-Identifier: Apache-2.0
#include "status/watch_hub.h"

#include <algorithm>
#include <utility>

namespace candor {

WatchHub::WatchHub(SnapshotStore& snapshots) : snapshots_(snapshots) {
  subscription_ = snapshots_.Subscribe([this](SnapshotPtr snapshot) {
    {
      const std::lock_guard lock(mutex_);
      pending_ = std::move(snapshot);
    }
    wake_.notify_one();
  });
  worker_ = Worker([this](const std::stop_token& stop) { Run(stop); });
}

WatchHub::~WatchHub() { Stop(); }

void WatchHub::Add(const std::shared_ptr<Watcher>& watcher) {
  const bool beats = watcher->HasHeartbeat();
  bool stopped = false;
  {
    const std::lock_guard lock(mutex_);
    stopped = stopped_;
    if (!stopped) {
      watchers_.emplace(watcher.get(), watcher);
      if (beats) with_heartbeat_.emplace(watcher.get(), watcher);
      heartbeat_added_ = heartbeat_added_ || beats;
    }
  }
  if (stopped) {
    watcher->Close();
    return;
  }
  if (beats) wake_.notify_one();
  // Read after it was added: a later change is offered by the thread, an earlier one is in this snapshot.
  watcher->Offer(snapshots_.Read());
}

void WatchHub::Remove(const Watcher* watcher) {
  std::shared_ptr<Watcher> last;  // destroyed outside the lock
  const std::lock_guard lock(mutex_);
  with_heartbeat_.erase(watcher);
  const auto it = watchers_.find(watcher);
  if (it == watchers_.end()) return;
  last = std::move(it->second);
  watchers_.erase(it);
}

size_t WatchHub::size() const {
  const std::lock_guard lock(mutex_);
  return watchers_.size();
}

void WatchHub::Stop() {
  if (!worker_.running()) return;
  snapshots_.Unsubscribe(subscription_);
  Watchers open;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    open = watchers_;
  }
  worker_.Stop();
  for (const auto& [key, watcher] : open) watcher->Close();
}

void WatchHub::Run(const std::stop_token& stop) {
  const auto woken = [this] { return pending_ != nullptr || heartbeat_added_; };
  auto next_heartbeat = Watcher::Clock::time_point::max();
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    // A wait until time_point::max() overflows in libstdc++.
    if (next_heartbeat == Watcher::Clock::time_point::max()) {
      wake_.wait(lock, stop, woken);
    } else {
      wake_.wait_until(lock, stop, next_heartbeat, woken);
    }
    if (stop.stop_requested()) return;
    heartbeat_added_ = false;
    const SnapshotPtr pending = std::exchange(pending_, nullptr);
    // Copies of the pointers, because watchers come and go meanwhile.
    const Watchers all = pending ? watchers_ : Watchers();
    const Watchers with_heartbeat = with_heartbeat_;
    lock.unlock();
    if (pending) NotifyAll(all, pending);
    next_heartbeat = SendHeartbeats(with_heartbeat);
    lock.lock();
  }
}

void WatchHub::NotifyAll(const Watchers& watchers, const SnapshotPtr& snapshot) {
  for (auto next = watchers.begin(); next != watchers.end();) {
    batches_.Begin();
    for (size_t i = 0; i < WriteBatches::kMaxWrites && next != watchers.end(); ++i, ++next) {
      next->second->Offer(snapshot);
    }
    batches_.End();
  }
}

Watcher::Clock::time_point WatchHub::SendHeartbeats(const Watchers& watchers) {
  auto next = Watcher::Clock::time_point::max();
  if (watchers.empty()) return next;
  const SnapshotPtr snapshot = snapshots_.Read();
  const auto now = Watcher::Clock::now();
  for (const auto& [key, watcher] : watchers) next = std::min(next, watcher->SendHeartbeat(snapshot, now));
  return next;
}

}  // namespace candor
