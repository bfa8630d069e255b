// SPDX-License-Identifier: Apache-2.0
//
// What a replay left out or is not sure of, with the figures.
#pragma once

#include <string>

#include "cli/offline/replay_report.h"

namespace candor::cli {

// A section of its own; empty where there is nothing.
std::string RenderCaveats(const ReplayReport& report);
// What is so much that the verdict should not be relied on: sentences for people, each with its newline.
std::string RenderWarnings(const ReplayReport& report);

}  // namespace candor::cli
