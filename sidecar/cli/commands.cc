// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"

namespace candor::cli {

std::vector<Command> AllCommands() {
  return {
      StatusCommand(),      //
      WhyCommand(),         //
      WatchCommand(),       //
      AttemptsCommand(),    //
      FlowsCommand(),       //
      DoctorCommand(),      //
      ProbeCommand(),       //
      ReplayCommand(),      //
      TraceJudgeCommand(),  //
      VersionCommand(),     //
  };
}

}  // namespace candor::cli
