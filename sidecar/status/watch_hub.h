// SPDX-License-Identifier: Apache-2.0
//
// Passes every change to the open streams, on its own thread: neither the pipeline that publishes nor a unary
// call that reads waits for thousands of streams. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/worker.h"
#include "status/snapshot_store.h"
#include "status/write_batches.h"

namespace candor {

// One open stream.
class Watcher {
 public:
  using Clock = std::chrono::steady_clock;
  virtual ~Watcher() = default;

  // Takes the newest snapshot, unless it has a newer one. Must not block.
  virtual void Offer(const SnapshotPtr& snapshot) = 0;
  virtual bool HasHeartbeat() const = 0;
  // Sends the snapshot, changed or not, when its heartbeat is due. Returns the time of the next one. Only
  // called when HasHeartbeat().
  virtual Clock::time_point SendHeartbeat(const SnapshotPtr& snapshot, Clock::time_point now) = 0;
  // Ends the stream, because the server stops.
  virtual void Close() = 0;
};

class WatchHub {
 public:
  explicit WatchHub(SnapshotStore& snapshots);  // outlives the hub
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  // Offers it the current snapshot and every newer one until Remove(). After Stop() it is closed at once.
  void Add(const std::shared_ptr<Watcher>& watcher);
  void Remove(const Watcher* watcher);
  size_t size() const;
  // For the writes of the watchers.
  WriteBatches& batches() { return batches_; }

  // Closes every watcher and joins the thread. Idempotent.
  void Stop();

 private:
  using Watchers = std::unordered_map<const Watcher*, std::shared_ptr<Watcher>>;
  void Run(const std::stop_token& stop);
  void NotifyAll(const Watchers& watchers, const SnapshotPtr& snapshot);
  Watcher::Clock::time_point SendHeartbeats(const Watchers& watchers);

  SnapshotStore& snapshots_;
  WriteBatches batches_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  bool stopped_ = false;
  SnapshotPtr pending_;           // not yet offered to all
  bool heartbeat_added_ = false;  // a watcher with a heartbeat was added
  Watchers watchers_;
  Watchers with_heartbeat_;  // those of watchers_ with a heartbeat
  uint64_t subscription_ = 0;
  Worker worker_;  // last: it uses all of the above
};

}  // namespace candor
