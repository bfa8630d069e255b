// SPDX-License-Identifier: Apache-2.0
//
// The one table of candorctl's commands, in the order that --help shows them.
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
Command ReplayCommand();
Command TraceJudgeCommand();
Command VersionCommand();
Command CompletionCommand();
Command ManCommand();

std::vector<Command> AllCommands();

}  // namespace candor::cli
