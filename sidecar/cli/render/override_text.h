// SPDX-License-Identifier: Apache-2.0
//
// Overrides of operators as text. Pure; everything returned is Printable.
#pragma once

#include <string>

#include "candor/v1/node_health.pb.h"
#include "cli/render/style.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

namespace pb = candor::v1;

// A line for each override in force: "DRAINED by root (uid 0, pid 1) 2 min ago: reason"; empty: none.
std::string OverrideLines(const pb::Verdict& verdict, WallTime now, const Style& style);

// After a change: the effective answer, the state, and the overrides in force.
std::string RenderAfterOverride(const pb::Verdict& verdict, WallTime now, const Style& style);

}  // namespace candor::cli
