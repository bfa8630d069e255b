// SPDX-License-Identifier: Apache-2.0
//
// candorctl without a process around it.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "cli/commands/command.h"

namespace candor::cli {

inline constexpr const char* kDefaultAddress = "127.0.0.1:7460";

// Hands over the parser of all commands as it is declared: what completion and manual pages are made from.
void VisitParser(const std::function<void(const CLI::App&)>& visit);

// `arguments` are those after the program's name. Returns the exit code; never throws.
int RunCandorctl(const std::vector<std::string>& arguments, const Environment& environment, std::ostream& out,
                 std::ostream& err);

}  // namespace candor::cli
