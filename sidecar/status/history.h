// SPDX-License-Identifier: Apache-2.0
//
// The newest changes of the answer and actions of operators, bounded. Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "status/snapshot_store.h"

namespace candor {

// One change of what is answered, or one action of an operator. The fields hold the answer from then on.
struct Transition {
  enum class Kind : uint8_t { kChange, kOperator };
  uint64_t id = 0;  // +1 each, across restarts too
  Kind kind = Kind::kChange;
  WallTime at{};
  uint64_t sequence = 0;  // Snapshot::sequence
  State before = State::kUnknown;
  State state = State::kUnknown;
  std::string reason;
  std::string detail;  // kOperator: the request
  std::string remediation;
  bool serving = false;
  SelfAnswer self = SelfAnswer::kPending;
  std::string blindness_code;
  std::string action;  // kOperator: "drain", "override", ...
  std::string by;      // kOperator: the caller
  Cause cause;
  std::string server;  // kChange: the media server whose answer changed; empty: the node's
};

// The changes after a sequence number that a watcher has seen.
struct MissedChanges {
  std::vector<Transition> changes;  // oldest first
  uint64_t lost = 0;                // changes before them that are no longer held
  bool restarted = false;           // this process has not reached that sequence
};

class History {
 public:
  using Clock = std::function<WallTime()>;

  // Holds the newest `keep` (>= 1) entries. `now`: the time of operators' actions.
  explicit History(size_t keep, Clock now);

  // To be subscribed to the SnapshotStore.
  void OnChange(const Snapshot& next);
  // Records `action` of an operator. `now_shown`: the snapshot at that time.
  Transition RecordAction(std::string action, std::string by, std::string detail, const Snapshot& now_shown);

  // Newest first, at most `limit`, those with an id below `before` (0: all).
  // `server`: only its changes; empty: all.
  std::vector<Transition> Newest(size_t limit, uint64_t before, const std::string& server = {}) const;
  // `server`: only its changes; empty: only the node's.
  MissedChanges Since(uint64_t sequence, const std::string& server = {}) const;

  // Takes the entries of an earlier process, oldest first. To be called before all else.
  void Restore(std::vector<Transition> earlier);
  std::vector<Transition> All() const;

 private:
  Transition Add(Transition t);
  bool AddServers(const Snapshot& next);

  const size_t keep_;
  const Clock now_;
  mutable std::mutex mutex_;
  std::deque<Transition> entries_;
  uint64_t next_id_ = 1;
  uint64_t reached_ = 0;        // newest sequence
  State last_ = State::kBlind;  // the first state of a SnapshotStore
  Overrides overrides_;         // of the last change
  SnapshotPtr last_shown_;      // likewise; null: there was none
  std::map<std::string, State> last_of_server_;
};

}  // namespace candor
