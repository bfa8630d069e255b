// SPDX-License-Identifier: Apache-2.0
//
// `candorctl replay`: the verdicts that Candor would have published for the node of a capture. The packets go
// through the same pipeline as live ones, on the clock of the capture: the result is reproducible. Needs no
// candord.
#pragma once

#include <ostream>

#include "cli/offline/replay_arguments.h"

namespace candor::cli {

// The exit codes of this command.
enum ReplayExit : int {
  kReplayComplete = 0,       // read to the end, with any verdict
  kReplayBadArguments = 1,   // bad arguments, or a capture without evidence of --node (replay_usability.h)
  kReplayDamaged = 2,        // not readable, not a capture, or damaged; the packets before it were judged
  kReplayInternalError = 3,  // the counts of the attempts do not add up: a bug of Candor
};

// Results to `out`, errors, warnings and progress to `err`. Does not throw on bad input.
int RunReplay(const ReplayArguments& arguments, std::ostream& out, std::ostream& err);

extern const char* const kReplaySummary;  // one sentence
extern const char* const kReplayHelp;     // how to capture and how to read the result

}  // namespace candor::cli
