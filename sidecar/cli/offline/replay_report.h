// SPDX-License-Identifier: Apache-2.0
//
// The result of a replay, as a value that the JSON lines and the tables are made of.
// Tested by tests/cli/offline/replay_json_test.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "attempt/attempt_tracker.h"
#include "cli/offline/replay_run.h"
#include "cli/offline/replay_usability.h"
#include "verdict/verdict.h"

namespace candor::cli {

// A change of the verdict's state.
struct ReplayChange {
  Verdict verdict;
  bool serving = false;  // the effective answer: the verdict and the node's own report
};

struct ReplayReport {
  std::string name;  // of the capture
  ReplaySpan span;
  Time last{};  // of the last packet
  IntakeCounts intake;
  uint16_t unknown_link_type = 0;  // the last of intake.unknown_link
  SourceHealth health;
  TimestampFaults timestamps;
  CaptureAsymmetry asymmetry;
  uint64_t lost = 0;                 // packets, by the count in the file
  std::optional<Unusable> unusable;  // set: no changes and no attempts
  std::vector<ReplayChange> changes;
  AttemptCounts counts;
  std::vector<AttemptView> attempts;  // in order of first packet

  // The time of the first FAILING verdict.
  std::optional<Time> FirstFailing() const;
  State FinalState() const { return changes.empty() ? State::kUnknown : changes.back().verdict.state; }
};

// Sets all but `changes` and `span`, once `source` was read to its end; clears `changes` of an unusable
// capture.
void FillReport(const FileSource& source, const AttemptTracker& tracker, ReplayReport* report);

}  // namespace candor::cli
