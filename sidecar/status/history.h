// SPDX-License-Identifier: Apache-2.0
//
// What changed and what operators did, newest at the back, bounded. Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "status/snapshot_store.h"

namespace candor {

// One change of what is answered, or one act of an operator; what was so from then on.
struct Transition {
  enum class Kind : uint8_t { kChange, kOperator };
  uint64_t id = 0;  // +1 each, across restarts too
  Kind kind = Kind::kChange;
  WallTime at{};
  uint64_t sequence = 0;  // of the SnapshotStore
  State before = State::kUnknown;
  State state = State::kUnknown;
  std::string reason;
  std::string detail;  // kOperator: what was asked
  std::string remediation;
  bool serving = false;
  SelfAnswer self = SelfAnswer::kPending;
  std::string blindness_code;
  std::string action;  // kOperator: "drain", "override", ...
  std::string by;      // kOperator: who
};

// What a watcher that last saw some sequence has missed.
struct MissedChanges {
  std::vector<Transition> changes;  // oldest first
  uint64_t lost = 0;                // changes before them that are not held any more
  bool restarted = false;           // that sequence was never reached in this life
};

class History {
 public:
  using Clock = std::function<WallTime()>;

  // Holds the newest `keep` (>= 1). `now` dates what operators do.
  explicit History(size_t keep, Clock now);

  // Subscribe this to the SnapshotStore.
  void OnChange(const Snapshot& next);
  // An operator did `action`. `now_shown`: what was so then.
  Transition RecordAction(std::string action, std::string by, std::string detail, const Snapshot& now_shown);

  // Newest first, at most `limit`, those with an id below `before` (0: all).
  std::vector<Transition> Newest(size_t limit, uint64_t before) const;
  MissedChanges Since(uint64_t sequence) const;

  // Oldest first: what an earlier process held. Call before anything happens.
  void Restore(std::vector<Transition> earlier);
  std::vector<Transition> All() const;

 private:
  Transition Add(Transition t);

  const size_t keep_;
  const Clock now_;
  mutable std::mutex mutex_;
  std::deque<Transition> entries_;
  uint64_t next_id_ = 1;
  uint64_t reached_ = 0;        // newest sequence seen
  State last_ = State::kBlind;  // as the SnapshotStore begins
  Overrides overrides_;         // as of the last change
};

}  // namespace candor
