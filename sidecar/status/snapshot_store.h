// SPDX-License-Identifier: Apache-2.0
//
// The latest truth, for everybody who asks. The pipeline thread publishes a Snapshot, an operator intervenes;
// servers read what comes of both.
// Thread-safe: the lock guards a shared_ptr and is never held while anybody is told.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "attempt/attempt_tracker.h"
#include "flow/flow_source.h"
#include "selfreport/self_report.h"
#include "status/effective_answer.h"
#include "status/overrides.h"
#include "verdict/verdict.h"

namespace candor {

// Immutable once published. The publisher leaves the fields marked (SnapshotStore) alone.
struct Snapshot {
  // (SnapshotStore) +1 at every change of the shown state or reason, sight, self-report, override or
  // effective answer.
  uint64_t sequence = 0;
  Verdict verdict;  // as judged: shown() puts blindness and overrides over it
  SelfReport self;
  SourceHealth source;
  AttemptCounts counts;
  std::vector<AttemptView> attempts;  // newest first, bounded; refreshed once a second
  std::vector<FlowView> flows;        // bounded; refreshed once a second
  bool serving = false;               // (SnapshotStore) the effective answer
  Time blind_since{};   // (SnapshotStore) verdict.at of the first blind snapshot; Time{}: seeing
  Overrides overrides;  // (SnapshotStore) what operators said and is still in force
  // Add to a source Time to get wall-clock time (nanoseconds since the epoch).
  std::chrono::nanoseconds to_wall{};
  // Add to a source Time to get the boot clock's; taken together with to_wall.
  std::chrono::nanoseconds to_boot{};

  // When it was judged, by the wall clock.
  WallTime judged_at() const { return WallTime(verdict.at.time_since_epoch() + to_wall); }
  // The same by the boot clock.
  BootTime judged_boot() const { return BootTime(verdict.at.time_since_epoch() + to_boot); }
  // As Candor itself sees it, without what operators said.
  Verdict without_overrides() const { return WithBlindness(verdict, source.blindness, blind_since); }
  // What every interface shows: drain over override over blindness over verdict.
  Verdict shown() const { return WithOverrides(without_overrides(), overrides, to_wall, to_boot); }
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

class SnapshotStore {
 public:
  using OnChange = std::function<void(SnapshotPtr)>;

  // Starts blind, "starting", self-report pending, no source: not serving. `sequence`: where an
  // earlier process left off, so that a watcher may resume across a restart.
  explicit SnapshotStore(BlindPolicy policy = BlindPolicy::kFollowSelf, uint64_t sequence = 0);

  // Publishes `next`, after filling in its (SnapshotStore) fields; an override whose time is over by
  // next.judged_boot() ends. Returns when every subscriber has been told of a change. Publishers wait for one
  // another; readers wait for none of this.
  void Publish(Snapshot next);

  // Lets `change` alter what is in force, and publishes the newest snapshot anew with it: when this returns,
  // every answer says so.
  void ApplyOverrides(const std::function<void(Overrides&)>& change);
  void SetBlindPolicy(BlindPolicy policy);  // the same for the policy

  // Never null.
  SnapshotPtr Read() const;

  // Blocks until a snapshot newer than `sequence` is there, `timeout` passes (returns the present one),
  // or Close() was called (returns null). Changes between two calls coalesce: only the newest is returned.
  SnapshotPtr WaitNewer(uint64_t sequence, std::chrono::nanoseconds timeout) const;

  // Calls `on_change` after each Publish that changed the sequence, in order, on the publisher's thread; it
  // must not block nor publish. Returns an id for Unsubscribe.
  uint64_t Subscribe(OnChange on_change);
  // Once this returns, `on_change` is not running on another thread and is never called again. It may be
  // called from within an `on_change`, its own included. Unknown ids are ignored.
  void Unsubscribe(uint64_t id);

  // Wakes every WaitNewer for good. Publish and Read go on working.
  void Close();

 private:
  void Commit(Snapshot next, const Snapshot& last);  // under publish_mutex_

  mutable std::mutex mutex_;  // current_, closed_
  mutable std::condition_variable changed_;
  SnapshotPtr current_;
  bool closed_ = false;
  // Held by a publisher while it tells, never by readers: taking it waits for the telling in progress.
  // Recursive, so that a subscriber may unsubscribe. Order: publish_mutex_ before mutex_.
  std::recursive_mutex publish_mutex_;
  BlindPolicy policy_;  // under publish_mutex_
  uint64_t next_subscriber_ = 1;
  std::map<uint64_t, std::shared_ptr<OnChange>> subscribers_;
};

}  // namespace candor
