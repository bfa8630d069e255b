// SPDX-License-Identifier: Apache-2.0
#include "serve/watch_hub.h"

#include <algorithm>
#include <utility>

namespace candor {

WatchHub::WatchHub(Board& board) : board_(board) {
  subscription_ = board_.Subscribe([this](SnapshotPtr snapshot) {
    {
      const std::lock_guard lock(mutex_);
      news_ = std::move(snapshot);
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
      if (beats) beating_.emplace(watcher.get(), watcher);
      rebeat_ = rebeat_ || beats;
    }
  }
  if (stopped) {
    watcher->Close();
    return;
  }
  if (beats) wake_.notify_one();
  // Read after it was added: a change from now on is told by the thread, one before is in this snapshot.
  watcher->Offer(board_.Read());
}

void WatchHub::Remove(const Watcher* watcher) {
  std::shared_ptr<Watcher> last;  // destroyed outside the lock
  const std::lock_guard lock(mutex_);
  beating_.erase(watcher);
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
  board_.Unsubscribe(subscription_);
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
  auto next_beat = Watcher::Clock::time_point::max();
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const auto awake = [this] { return stop_ || news_ != nullptr || rebeat_; };
    // A wait until time_point::max() overflows in libstdc++.
    if (next_beat == Watcher::Clock::time_point::max()) {
      wake_.wait(lock, awake);
    } else {
      wake_.wait_until(lock, next_beat, awake);
    }
    if (stop_) return;
    rebeat_ = false;
    const SnapshotPtr news = std::exchange(news_, nullptr);
    // Copies of the pointers: streams come and go while the others are told.
    const Watchers all = news ? watchers_ : Watchers();
    const Watchers beating = beating_;
    lock.unlock();
    if (news) TellAll(all, news);
    next_beat = BeatAll(beating);
    lock.lock();
  }
}

void WatchHub::TellAll(const Watchers& watchers, const SnapshotPtr& snapshot) {
  for (auto next = watchers.begin(); next != watchers.end();) {
    rounds_.Begin();
    for (size_t i = 0; i < WriteRounds::kLargest && next != watchers.end(); ++i, ++next) {
      next->second->Offer(snapshot);
    }
    rounds_.End();
  }
}

Watcher::Clock::time_point WatchHub::BeatAll(const Watchers& beating) {
  auto next = Watcher::Clock::time_point::max();
  if (beating.empty()) return next;
  const SnapshotPtr snapshot = board_.Read();
  const auto now = Watcher::Clock::now();
  for (const auto& [key, watcher] : beating) next = std::min(next, watcher->Beat(snapshot, now));
  return next;
}

}  // namespace candor
