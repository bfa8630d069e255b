// SPDX-License-Identifier: Apache-2.0
//
// The attempts of a replay as tables: phases reached, outcomes, and the worst attempts.
#pragma once

#include <string>

#include "cli/offline/replay_report.h"
#include "cli/render/style.h"

namespace candor::cli {

std::string RenderFunnel(const ReplayReport& report);
std::string RenderOutcomes(const AttemptCounts& counts);
// Empty, unless the counts contradict each other (AttemptCounts::AddsUp()), which is a bug.
std::string SumError(const AttemptCounts& counts);
// `all`: every attempt by time of its first packet, instead of the ten worst.
std::string RenderAttempts(const ReplayReport& report, bool all, const Style& style);

}  // namespace candor::cli
