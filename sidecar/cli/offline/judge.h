// SPDX-License-Identifier: Apache-2.0
//
// `candorctl judge`: the verdicts of the judge for the attempts of a trace (trace_line.h). Needs no candord.
#pragma once

#include <iosfwd>
#include <string>

#include "cli/offline/judge_flags.h"

namespace candor {

struct JudgeArguments {
  std::string trace;                    // a file; "-": standard input
  double false_alarms_per_month = 1.0;  // > 0
  double smallest_share = 0.10;         // (0, 1)
  cli::JudgeFlags flags;
  bool json = false;  // JSON lines instead of a table
};

// Prints every change of state or reason, then a summary, to `out`, errors to `err`. Returns 0; 1: wrong
// arguments; 2: the trace cannot be read to its end.
int RunJudge(const JudgeArguments& cmd, std::ostream& out, std::ostream& err);
// The same with an open trace; `name` is its name in errors.
int RunJudge(const JudgeArguments& cmd, std::istream& trace, const std::string& name, std::ostream& out,
             std::ostream& err);

}  // namespace candor
