// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/commands.h"

namespace candor::cli {

std::vector<Command> AllCommands() {
  return {
      StatusCommand(),         //
      WhyCommand(),            //
      WatchCommand(),          //
      TopCommand(),            //
      ServersCommand(),        //
      TransitionsCommand(),    //
      AttemptsCommand(),       //
      FlowsCommand(),          //
      DoctorCommand(),         //
      ProbeCommand(),          //
      CheckCommand(),          //
      DrainCommand(),          //
      UndrainCommand(),        //
      OverrideCommand(),       //
      ReloadCommand(),         //
      ResetBaselineCommand(),  //
      ReplayCommand(),         //
      JudgeCommand(),          //
      VersionCommand(),        //
      CompletionCommand(),     //
  };
}

}  // namespace candor::cli
