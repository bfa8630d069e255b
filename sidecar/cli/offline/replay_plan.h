// SPDX-License-Identifier: Apache-2.0
//
// The replay's arguments, checked and in the types of the rooms that take them.
#pragma once

#include "base/result.h"
#include "cli/offline/replay.h"
#include "pipeline/pipeline.h"
#include "replay/file_source.h"

namespace candor::cli {

struct ReplayPlan {
  FileSourceOptions source;
  PipelineOptions pipeline;
  bool self_report_ok = true;  // what the node says of itself; no word of it counts as serving
};

// An error is one sentence that names the flag.
Result<ReplayPlan> MakePlan(const ReplayArguments& arguments);

}  // namespace candor::cli
