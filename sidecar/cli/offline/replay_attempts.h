// SPDX-License-Identifier: Apache-2.0
//
// The attempts of a replay for people: how far they came, how they ended, the worst of them.
#pragma once

#include <string>

#include "cli/offline/replay_report.h"
#include "cli/render/style.h"

namespace candor::cli {

std::string RenderFunnel(const ReplayReport& report);
std::string RenderOutcomes(const AttemptCounts& counts);
// Empty where every attempt counts under exactly one outcome (AttemptCounts::AddsUp()), as it must.
std::string SumsFault(const AttemptCounts& counts);
// `all`: every attempt in order of first packet, instead of the ten worst.
std::string RenderAttempts(const ReplayReport& report, bool all, const Style& style);

}  // namespace candor::cli
