// SPDX-License-Identifier: Apache-2.0
//
// All that a replay found out, as a value: what the JSON lines and the table are printed from.
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
  bool serving = false;  // the effective answer, with the node's own report
};

struct ReplayReport {
  std::string name;  // of the capture
  ReplaySpan span;
  Time last{};  // of the last packet
  IntakeCounts intake;
  uint16_t unknown_link_type = 0;  // a link type that is not read, when intake.unknown_link > 0
  SourceHealth health;
  TimestampFaults timestamps;
  CaptureAsymmetry asymmetry;
  uint64_t lost = 0;                 // packets that the capture says it lost
  std::optional<Unusable> unusable;  // nothing is said of the node then: no changes, no attempts
  std::vector<ReplayChange> changes;
  AttemptCounts counts;
  std::vector<AttemptView> attempts;  // in order of first packet

  // When the verdict was FAILING for the first time.
  std::optional<Time> FirstFailing() const;
  State FinalState() const { return changes.empty() ? State::kUnknown : changes.back().verdict.state; }
};

// What both sources and tracker know at the end; `changes` and `span` are the caller's.
void FillReport(const FileSource& source, const AttemptTracker& tracker, ReplayReport* report);

}  // namespace candor::cli
