// SPDX-License-Identifier: Apache-2.0
//
// The arguments of a replay, checked, as options of the source and the pipeline.
#pragma once

#include "base/result.h"
#include "cli/offline/replay_arguments.h"
#include "pipeline/pipeline.h"
#include "replay/file_source.h"

namespace candor::cli {

struct ReplayPlan {
  FileSourceOptions source;
  PipelineOptions pipeline;
  bool self_report_ok = true;  // without --self-report: ok
};

// An error is one sentence that names the flag.
Result<ReplayPlan> MakePlan(const ReplayArguments& arguments);

}  // namespace candor::cli
