// SPDX-License-Identifier: Apache-2.0
//
// candorctl as a function, so that tests can run it.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "cli/commands/command.h"

namespace candor::cli {

// `arguments` are those after the program's name. Returns the exit code; never throws.
int RunCandorctl(const std::vector<std::string>& arguments, const Environment& environment, std::ostream& out,
                 std::ostream& err);

}  // namespace candor::cli
