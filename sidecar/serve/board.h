// SPDX-License-Identifier: Apache-2.0
//
// The latest truth, for everybody who asks. The pipeline thread publishes a Snapshot; servers read it.
// Thread-safe: the lock guards a shared_ptr and is never held while anybody is told.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "attempt/attempt_tracker.h"
#include "flow/flow_source.h"
#include "selfreport/self_report.h"
#include "verdict/verdict.h"

namespace candor {

enum class BlindPolicy : uint8_t { kFollowSelf, kNotServing };

// Immutable once published.
struct Snapshot {
  uint64_t sequence = 0;  // +1 at every change of state, reason, self-report or effective answer
  Verdict verdict;        // never kBlind by itself: Effective() below puts blindness over it
  SelfReport self;
  SourceHealth source;
  AttemptCounts counts;
  std::vector<AttemptView> attempts;  // newest first, bounded; refreshed once a second
  std::vector<FlowView> flows;        // bounded; refreshed once a second
  bool serving = false;               // the effective answer
  // Add to a source Time to get wall-clock time (nanoseconds since the epoch).
  std::chrono::nanoseconds to_wall{};
};

// The contract of states x interfaces, in one place: the worse of self-report and verdict; UNKNOWN and
// BLIND follow the self-report (BLIND by policy); the self-report is overridden downward only.
bool EffectiveServing(State state, const SelfReport& self, BlindPolicy policy);

class Board {
 public:
  Board();  // UNKNOWN, "starting", not serving

  // Publishes `next`; assigns its sequence: +1 when anything that a watcher is told has changed.
  void Publish(Snapshot next);
  std::shared_ptr<const Snapshot> Read() const;

  // Blocks until a snapshot newer than `sequence` is there, `timeout` passes (returns the present one),
  // or Close() was called (returns null).
  std::shared_ptr<const Snapshot> WaitNewer(uint64_t sequence, std::chrono::nanoseconds timeout) const;

  // Calls `on_change` after each Publish that changed the sequence, on the publisher's thread; it must
  // not block. Returns an id for Unsubscribe, after which it is never called again.
  uint64_t Subscribe(std::function<void(std::shared_ptr<const Snapshot>)> on_change);
  void Unsubscribe(uint64_t id);

  void Close();

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::shared_ptr<const Snapshot> current_;
  bool closed_ = false;
  // Told outside mutex_, under a lock of its own, so that reading never waits for telling.
  mutable std::mutex tell_mutex_;
  uint64_t next_subscriber_ = 1;
  std::vector<std::pair<uint64_t, std::function<void(std::shared_ptr<const Snapshot>)>>> subscribers_;
};

}  // namespace candor
