// SPDX-License-Identifier: Apache-2.0
//
// The packets that a replay left out or is not certain about, with figures.
#pragma once

#include <string>

#include "cli/offline/replay_report.h"

namespace candor::cli {

// A section with a title; empty without any.
std::string RenderCaveats(const ReplayReport& report);
// Warnings that the verdict is not reliable: sentences, each with a newline; empty without any.
std::string RenderWarnings(const ReplayReport& report);

}  // namespace candor::cli
