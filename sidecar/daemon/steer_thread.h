// SPDX-License-Identifier: Apache-2.0
//
// Steers the LiveKit cluster (steer/steerer.h) on a thread of its own, because Redis may answer late or
// never. Thread-safe. Tested in tests/steer/steer_test.py.
#pragma once

#include <memory>

#include "base/event_fd.h"
#include "base/worker.h"
#include "status/snapshot_store.h"
#include "steer/redis_dialer.h"
#include "steer/redis_store.h"
#include "steer/row_watch.h"
#include "steer/steerer.h"

namespace candor::daemon {

// Whether the node is to be kept out of the cluster: the state that interfaces show is FAILING or DRAINING. A
// self-report, blindness and blind_policy say nothing that LiveKit does not know, or can be trusted with.
bool MustLeaveCluster(const Snapshot& snapshot);

class SteerThread {
 public:
  // Starts at once, unless steering is not configured. `dialer` is null then. `snapshots` outlives this.
  SteerThread(const steer::SteerOptions& options, std::unique_ptr<steer::RedisDialer> dialer,
              SnapshotStore& snapshots);
  ~SteerThread() { Stop(); }

  // Gives this node's claim back, where Redis answers. Idempotent.
  void Stop();

 private:
  void Run(const std::stop_token& stop);
  void Publish(const steer::SteerStatus& status, Time now);
  void Wait(Duration until);

  const steer::SteerOptions options_;
  const std::unique_ptr<steer::RedisDialer> dialer_;
  SnapshotStore& snapshots_;
  const EventFd wake_;
  uint64_t subscription_ = 0;
  std::unique_ptr<steer::RedisStore> store_;  // the following: of the thread
  std::unique_ptr<steer::RowWatch> watch_;
  steer::SteerStatus published_;
  Time published_at_{};
  Worker worker_;  // last: it uses the others
};

}  // namespace candor::daemon
