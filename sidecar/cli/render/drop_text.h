// SPDX-License-Identifier: Apache-2.0
//
// The kernel's reasons for dropped datagrams as text. Pure; all texts Printable.
// Tested in tests/cli/commands/why_test.cc and tests/cli/commands/info_checks_test.cc.
#pragma once

#include <string>

#include "candor/v1/node_health.pb.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

// For `why`: each reason on a line, most datagrams first, then the remediation of the largest one that grew
// together with the newest within the last minute. Empty when nothing was dropped.
std::string DropLines(const candor::v1::DropEvidence& drops, WallTime now);

// For `doctor`, on one line: "1,204 datagrams, most of them netfilter, out (1,200)".
std::string DropSummary(const candor::v1::DropEvidence& drops);

}  // namespace candor::cli
