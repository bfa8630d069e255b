// SPDX-License-Identifier: Apache-2.0
//
// The newest snapshot of the node's state, from which every interface answers. The pipeline thread publishes
// snapshots, operators change the overrides, servers read. Thread-safe: the lock of the readers guards one
// shared_ptr and is never held during a callback.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "attempt/attempt_tracker.h"
#include "flow/flow_source.h"
#include "selfreport/self_report.h"
#include "status/effective_answer.h"
#include "status/overrides.h"
#include "steer/steer_status.h"
#include "verdict/server_status.h"
#include "verdict/verdict.h"

namespace candor {

// The page of metrics of self_report.prometheus.
struct MetricsPage {
  bool configured = false;
  std::string unavailable;  // why the last reading failed; empty: it did not, or there was none yet
};

// Immutable once published. SnapshotStore fills in the fields marked (store).
struct Snapshot {
  // (store) +1 at every change of the shown state, reason or cause, blindness, self-report, overrides or
  // effective answer, and where there are several servers of any of theirs.
  uint64_t sequence = 0;
  Verdict verdict;  // as judged: shown() puts blindness and overrides over it
  SelfReport self;
  SourceHealth source;
  AttemptCounts counts;
  std::vector<AttemptView> attempts;  // newest first, bounded; refreshed once a second
  std::vector<FlowView> flows;        // bounded; refreshed once a second
  bool serving = false;               // (store) the effective answer
  Time blind_since{};                 // (store) verdict.at of the first blind snapshot; Time{}: not blind
  Overrides overrides;                // (store) those in force
  std::vector<ServerStatus> servers;  // the node's media servers, of which the answers are (store)
  steer::SteerStatus steering;        // (store) as last set; a change of it changes no sequence
  MetricsPage metrics_page;           // (store) likewise
  std::string server;                 // whose snapshot this is (server_view.h); empty: the node's
  // Added to a Time of the source gives the wall clock and the boot clock; both taken at the same moment.
  Duration to_wall{};
  Duration to_boot{};

  // The time of the judgement, by the wall clock and by the boot clock.
  WallTime judged_at() const { return WallTime(verdict.at.time_since_epoch() + to_wall); }
  BootTime judged_boot() const { return BootTime(verdict.at.time_since_epoch() + to_boot); }
  // The verdict with blindness, without overrides.
  Verdict without_overrides() const { return WithBlindness(verdict, source.blindness, blind_since); }
  // What every interface shows: drain, else state override, else blindness, else verdict.
  Verdict shown() const { return WithOverrides(without_overrides(), overrides, to_wall, to_boot); }
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

class SnapshotStore {
 public:
  using OnChange = std::function<void(SnapshotPtr)>;

  // The first snapshot: BLIND for the reason "starting", self-report pending, no source, not serving.
  // `sequence`: the last one of an earlier process, so that watchers may resume after a restart.
  // `servers`: names that are answered from the start on, with the state UNKNOWN.
  explicit SnapshotStore(BlindPolicy policy = BlindPolicy::kFollowSelf, uint64_t sequence = 0,
                         const std::vector<std::string>& servers = {});

  // Publishes `next` with its (store) fields filled in; a state override ends when its time limit is reached
  // at next.judged_boot(). On a change it returns after the last callback. Publishers wait for one another,
  // readers do not wait.
  void Publish(Snapshot next);

  // Publishes the newest snapshot again with changed overrides; in force on every interface on return.
  void ApplyOverrides(const std::function<void(Overrides&)>& change);
  void SetBlindPolicy(BlindPolicy policy);      // likewise
  void SetSteering(steer::SteerStatus status);  // likewise
  void SetMetricsPage(MetricsPage page);        // likewise

  SnapshotPtr Read() const;  // never null

  // Calls `on_change` after each change of the sequence, in order, on the publisher's thread; it must neither
  // block nor publish nor unsubscribe. Returns an id for Unsubscribe.
  uint64_t Subscribe(OnChange on_change);
  // Waits for a callback in progress; `on_change` is not called afterwards. Unknown ids are ignored.
  void Unsubscribe(uint64_t id);

 private:
  void Commit(Snapshot next, const Snapshot& last);  // under publish_mutex_

  mutable std::mutex mutex_;  // of current_
  SnapshotPtr current_;
  std::mutex publish_mutex_;  // held during callbacks; taken before mutex_, never by readers
  BlindPolicy policy_;        // this and the following under publish_mutex_
  uint64_t next_subscriber_ = 1;
  std::map<uint64_t, OnChange> subscribers_;
};

}  // namespace candor
