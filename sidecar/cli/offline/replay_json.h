// SPDX-License-Identifier: Apache-2.0
//
// The JSON lines of a replay: an object each, without a newline. Times are seconds since 1970 in decimal, to
// the microsecond.
#pragma once

#include <string>

#include "cli/offline/replay_report.h"

namespace candor::cli {

std::string JsonTime(Time t);

std::string VerdictLine(const ReplayChange& change);
std::string AttemptLine(const AttemptView& attempt);
std::string SummaryLine(const ReplayReport& report);

}  // namespace candor::cli
