// SPDX-License-Identifier: Apache-2.0
//
// `candorctl judge`: the judge alone, on attempts from a file (verdict.md "Traces for benchmark and test").
#pragma once

#include <iosfwd>
#include <string>

namespace candor {

struct JudgeArguments {
  std::string trace;                    // a file; "-": standard input
  double false_alarms_per_month = 1.0;  // > 0
  double smallest_share = 0.10;         // (0, 1)
  std::string trusted;                  // comma-separated addresses and CIDRs; empty: none
  bool json = false;                    // JSON lines instead of a table
};

// Prints every change of state or reason, then a summary, to `out`; errors to `err`.
// Returns 0, 1 for wrong arguments, 2 for a trace that cannot be read to its end.
int RunJudge(const JudgeArguments& cmd, std::ostream& out, std::ostream& err);
// The same with the trace given; `name` is what errors call it.
int RunJudge(const JudgeArguments& cmd, std::istream& trace, const std::string& name, std::ostream& out,
             std::ostream& err);

}  // namespace candor
