// SPDX-License-Identifier: Apache-2.0
//
// One media server of the node as it is judged and shown. Values only.
// Tested in tests/pipeline/servers_test.cc.
#pragma once

#include <cstdint>
#include <string>

#include "attempt/attempt_counts.h"
#include "verdict/judge_options.h"
#include "verdict/verdict.h"

namespace candor {

struct ServerStatus {
  uint32_t id = 0;     // AttemptView::server; of a server that is gone: of no attempt
  std::string name;    // "janus.service"; unique on the node
  std::string cgroup;  // its path as last seen; empty: not known
  Role role = Role::kLearned;
  Verdict verdict;
  AttemptCounts counts;
  double share = 0;      // of the node's acknowledged attempts lately, 0..1
  bool drives = true;    // a failure of it makes the node FAILING; false: DEGRADED
  bool gone = false;     // had no attempt for a long time; its verdict is UNKNOWN
  bool serving = false;  // the effective answer; filled in by SnapshotStore
};

// What a server has learned, beyond this process and beyond its cgroup.
struct ServerBaseline {
  std::string name;
  std::string text;  // Judge::SaveBaseline
  Duration age{};    // of `text` when it was handed over
  bool operator==(const ServerBaseline&) const = default;
};

}  // namespace candor
