// SPDX-License-Identifier: Apache-2.0
//
// SessionCounts from a SessionReader's readings: when they are available, and which ports are kept.
// Tested in tests/probe/sessions/session_counter_test.cc.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "probe/sessions/session_reader.h"

namespace candor {

// Used by one thread.
class SessionCounter {
 public:
  // Above this many ports, those that accepted nothing for an hour are removed.
  static constexpr size_t kManyPorts = 128;
  static constexpr Duration kIdle = std::chrono::hours(1);

  void Take(LoadedSessions loaded);
  // Call once a second. `namespaces` are those whose sockets are read; empty with the reason why in
  // `none`, or for want of identifiers.
  void Read(Time now, const std::vector<uint32_t>& namespaces, const std::string& none);
  const SessionCounts& counts() const { return counts_; }

 private:
  struct Seen {
    uint64_t accepted = 0;
    Time changed{};
  };
  void Note(Time now);
  void RemoveIdle(Time now);

  std::unique_ptr<SessionReader> reader_;
  std::function<std::optional<LoadedSessions>()> late_;
  std::string unavailable_ = "it was not requested";
  SessionCounts counts_;
  uint64_t uncounted_ = 0;                              // in counts_.accepted
  std::map<std::pair<uint64_t, uint16_t>, Seen> seen_;  // bounded as the reader's map
};

}  // namespace candor
