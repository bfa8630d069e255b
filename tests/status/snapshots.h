// SPDX-License-Identifier: Apache-2.0
//
// Snapshots, and a wait, for tests.
#pragma once

#include <chrono>
#include <string>
#include <thread>

#include "status/snapshot_store.h"

namespace candor {

// Waits up to 10 s for `condition`.
template <class Condition>
bool Eventually(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

// A node in `state` whose probes deliver and whose self-report is `answer`.
inline Snapshot SnapshotOf(State state, SelfAnswer answer = SelfAnswer::kOk, std::string reason = "because") {
  Snapshot s;
  s.verdict.state = state;
  s.verdict.reason = std::move(reason);
  s.verdict.at = TimeFromNanos(1'000'000'000);
  s.self.answer = answer;
  s.source.kind = "bpf";
  return s;
}

inline Snapshot BlindSnapshot(State state, SelfAnswer answer = SelfAnswer::kOk) {
  Snapshot s = SnapshotOf(state, answer);
  s.source.blindness = {"load_timeout", "the kernel did not load the probes within 10 s"};
  return s;
}

}  // namespace candor
