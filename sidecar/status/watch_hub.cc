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
  thread_ = std::thread([this] { Run(); });
}

WatchHub::~WatchHub() { Stop(); }

void WatchHub::Add(const std::shared_ptr<Watcher>& watcher) {
  const bool beats = watcher->HasHeartbeat();
  bool stopped = false;
  {
    const std::lock_guard lock(mutex_);
    stopped = stop_;
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
  // Read after it was added: a change from now on is told by the thread, one before is in this snapshot.
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
  if (!thread_.joinable()) return;
  snapshots_.Unsubscribe(subscription_);
  Watchers open;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    open = watchers_;
  }
  wake_.notify_one();
  thread_.join();
  for (const auto& [key, watcher] : open) watcher->Close();
}

void WatchHub::Run() {
  auto next_heartbeat = Watcher::Clock::time_point::max();
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const auto awake = [this] { return stop_ || pending_ != nullptr || heartbeat_added_; };
    // A wait until time_point::max() overflows in libstdc++.
    if (next_heartbeat == Watcher::Clock::time_point::max()) {
      wake_.wait(lock, awake);
    } else {
      wake_.wait_until(lock, next_heartbeat, awake);
    }
    if (stop_) return;
    heartbeat_added_ = false;
    const SnapshotPtr news = std::exchange(pending_, nullptr);
    // Copies of the pointers: streams come and go while the others are told.
    const Watchers all = news ? watchers_ : Watchers();
    const Watchers beating = with_heartbeat_;
    lock.unlock();
    if (news) NotifyAll(all, news);
    next_heartbeat = SendHeartbeats(beating);
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

Watcher::Clock::time_point WatchHub::SendHeartbeats(const Watchers& beating) {
  auto next = Watcher::Clock::time_point::max();
  if (beating.empty()) return next;
  const SnapshotPtr snapshot = snapshots_.Read();
  const auto now = Watcher::Clock::now();
  for (const auto& [key, watcher] : beating) next = std::min(next, watcher->SendHeartbeat(snapshot, now));
  return next;
}

}  // namespace candor
