// SPDX-License-Identifier: Apache-2.0
//
// One screen of `candorctl top`. Pure. Tested in tests/cli/commands/top_test.cc.
#pragma once

#include <string>

#include "candor/v1/node_health.pb.h"
#include "cli/render/style.h"
#include "cli/render/terminal.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

namespace pb = candor::v1;

// At most `size`: long lines are cut, rows below are left out.
std::string RenderTop(const pb::Verdict& verdict, const pb::ListAttemptsResponse& attempts, WallTime now,
                      TerminalSize size, const Style& style);

// "203.0.0.0/16" or "2001:db8::/32" of "203.0.113.9:4711" or "[2001:db8::7]:4711"; "?" for anything else.
std::string NetworkOf(const std::string& peer);

}  // namespace candor::cli
