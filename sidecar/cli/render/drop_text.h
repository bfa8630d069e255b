// SPDX-License-Identifier: Apache-2.0
//
// The kernel's reasons for dropped datagrams, for people. Pure; all texts Printable.
#pragma once

#include <string>

#include "candor/v1/node_health.pb.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

// For `why`: each reason on a line, most datagrams first, and the remediation of the top one of those that
// grow now, or did last within a minute. Empty when nothing was dropped.
std::string DropLines(const candor::v1::DropEvidence& drops, WallTime now);

// For `doctor`, on one line: "1,204 datagrams, most of them out: netfilter (1,200)".
std::string DropSummary(const candor::v1::DropEvidence& drops);

}  // namespace candor::cli
