// SPDX-License-Identifier: Apache-2.0
//
// A file that is all old or all new, whatever happens while it is written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace candor::daemon {

// Writes beside `path`, syncs, renames, syncs the folder. Mode 0600.
Result<void> WriteAtomically(const std::string& path, std::string_view bytes);

// Holds "<path>.lock" for as long as the descriptor is open, so that two daemons never write one file. An
// error when another process holds it.
Result<UniqueFd> LockBeside(const std::string& path);

// nullopt: there is no such file. More than 64 MiB is an error.
Result<std::optional<std::string>> ReadWhole(const std::string& path);

}  // namespace candor::daemon
