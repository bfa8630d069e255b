// SPDX-License-Identifier: Apache-2.0
//
// A replay for people: the answer, the verdict's timeline, how far the attempts came, the worst of them,
// and what was left out.
#pragma once

#include <string>

#include "cli/offline/replay_report.h"
#include "cli/render/style.h"

namespace candor::cli {

// "2026-06-02 12:06:03.250Z", milliseconds of UTC.
std::string ReplayStamp(Time t);

// `all_attempts`: every attempt instead of the ten worst.
std::string RenderReplay(const ReplayReport& report, bool all_attempts, const Style& style);

}  // namespace candor::cli
