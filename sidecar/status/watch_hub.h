// SPDX-License-Identifier: Apache-2.0
//
// Tells streams of every change, on a thread of its own: neither the pipeline that publishes nor a unary
// call that reads ever waits for thousands of watchers. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "status/snapshot_store.h"
#include "status/write_batches.h"

namespace candor {

// One open stream. Called by the hub and, once, by whoever adds it.
class Watcher {
 public:
  using Clock = std::chrono::steady_clock;
  virtual ~Watcher() = default;

  // Takes the newest snapshot; must not block. An older one than it has is ignored.
  virtual void Offer(const SnapshotPtr& snapshot) = 0;
  virtual bool HasHeartbeat() const = 0;
  // Sends the snapshot even if nothing has changed when its heartbeat is due. Returns the time of the next
  // one. Only called when HasHeartbeat().
  virtual Clock::time_point SendHeartbeat(const SnapshotPtr& snapshot, Clock::time_point now) = 0;
  // The server is going: ends the stream.
  virtual void Close() = 0;
};

class WatchHub {
 public:
  explicit WatchHub(SnapshotStore& snapshots);  // the snapshots outlives the hub
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  // Offers it the present snapshot and every newer one until Remove(). After Stop() it is closed at once.
  void Add(const std::shared_ptr<Watcher>& watcher);
  void Remove(const Watcher* watcher);
  size_t size() const;
  // Every write of a watcher is announced here, and its end.
  WriteBatches& batches() { return batches_; }

  // Closes every watcher and joins the thread. Idempotent.
  void Stop();

 private:
  using Watchers = std::unordered_map<const Watcher*, std::shared_ptr<Watcher>>;
  void Run();
  void NotifyAll(const Watchers& watchers, const SnapshotPtr& snapshot);
  Watcher::Clock::time_point SendHeartbeats(const Watchers& beating);

  SnapshotStore& snapshots_;
  WriteBatches batches_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  SnapshotPtr pending_;           // newest not yet told
  bool heartbeat_added_ = false;  // a watcher with a heartbeat was added
  Watchers watchers_;
  Watchers with_heartbeat_;  // those of watchers_ with a heartbeat
  uint64_t subscription_ = 0;
  std::thread thread_;
};

}  // namespace candor
