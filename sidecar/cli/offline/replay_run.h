// SPDX-License-Identifier: Apache-2.0
//
// Runs a pipeline over a capture, on the clock of the capture. Tested by tests/cli/offline/replay_test.cc.
#pragma once

#include <functional>
#include <optional>

#include "base/result.h"
#include "pipeline/pipeline.h"
#include "replay/file_source.h"

namespace candor::cli {

struct ReplaySpan {
  Time first{};                 // of the first packet; Time{}: the capture has none
  std::optional<Error> damage;  // what ended the reading early
};

// Reads `source` to its end or its damage. Ticks the pipeline every `tick` of capture time and once at the
// last packet, not after it. Calls `on_change` with every new state or reason, `progress` after each step.
ReplaySpan DriveReplay(FileSource& source, Pipeline& pipeline, Duration tick,
                       const std::function<void(const Verdict&)>& on_change,
                       const std::function<void()>& progress);

}  // namespace candor::cli
