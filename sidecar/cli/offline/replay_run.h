// SPDX-License-Identifier: Apache-2.0
//
// Drives a pipeline from a capture on the capture's own clock.
#pragma once

#include <functional>
#include <optional>

#include "base/result.h"
#include "pipeline/pipeline.h"
#include "replay/file_source.h"

namespace candor::cli {

struct ReplaySpan {
  Time first{};                 // of the first packet; Time{}: the capture has none
  std::optional<Error> damage;  // where and why reading stopped early
};

// Reads `source` to its end or to its damage, ticking the pipeline every `tick` of capture time and once
// more at the last packet: nothing is said of a moment that the capture does not reach. `on_change` is called
// with every new state or reason, `progress` now and then.
ReplaySpan DriveReplay(FileSource& source, Pipeline& pipeline, Duration tick,
                       const std::function<void(const Verdict&)>& on_change,
                       const std::function<void()>& progress);

}  // namespace candor::cli
