// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/cli/candorctl_test.cc.
#pragma once

#include <vector>

#include "cli/commands/command.h"

namespace candor::cli {

Command StatusCommand();
Command WhyCommand();
Command WatchCommand();
Command TransitionsCommand();
Command TopCommand();
Command AttemptsCommand();
Command FlowsCommand();
Command DoctorCommand();
Command ProbeCommand();
Command CheckCommand();
Command DrainCommand();
Command UndrainCommand();
Command OverrideCommand();
Command ReloadCommand();
Command ResetBaselineCommand();
Command ServersCommand();
Command ReplayCommand();
Command JudgeCommand();
Command VersionCommand();
Command CompletionCommand();

// In the order of --help.
std::vector<Command> AllCommands();

}  // namespace candor::cli
