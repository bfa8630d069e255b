// SPDX-License-Identifier: Apache-2.0
//
// Snapshots for tests.
#pragma once

#include <string>

#include "status/snapshot_store.h"

namespace candor {

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
