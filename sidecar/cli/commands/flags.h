// SPDX-License-Identifier: Apache-2.0
//
// Flags that several commands have. Tested in tests/cli/candorctl_test.cc.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "cli/commands/command.h"

namespace candor::cli {

// Accepts what ParseDuration (cli/render/text.h) does, from `least` on. `expected` is for the error: "a
// duration such as 2s".
CLI::Validator DurationFrom(std::chrono::milliseconds least, const std::string& expected);

// --limit of commands that list.
std::shared_ptr<uint32_t> AddLimit(CLI::App& app);
void WarnIfMore(bool more, Session& session);

}  // namespace candor::cli
