// SPDX-License-Identifier: Apache-2.0
//
// What the commands that give orders share. Everything returned is Printable.
#pragma once

#include <string>

#include "candor/v1/node_health.pb.h"
#include "cli/render/style.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

namespace pb = candor::v1;

// One loud line for each order in force: "DRAINED by root (uid 0, pid 1) 2 min ago: reason"; empty: none.
std::string OverrideLines(const pb::Verdict& verdict, WallTime now, const Style& style);

// What is so after an order: the effective answer, the state, and the orders in force.
std::string RenderAfterOverride(const pb::Verdict& verdict, WallTime now, const Style& style);

}  // namespace candor::cli
