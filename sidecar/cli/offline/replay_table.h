// SPDX-License-Identifier: Apache-2.0
//
// A replay as tables: the result, the changes of the verdict, the attempts, and the packets that were left
// out. Tested by tests/cli/offline/replay_test.cc.
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
