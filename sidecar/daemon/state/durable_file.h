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

// Writes beside `path`, syncs, renames, syncs the folder: when this returns without an error, the bytes
// outlive a loss of power, as far as the disk keeps its word. Mode 0600. After an error the file is the old
// one, or, where only the folder could not be synced, the new one.
Result<void> WriteAtomically(const std::string& path, std::string_view bytes);

// So that an entry of `folder` that was just made outlives a loss of power. File systems that cannot sync a
// folder (EINVAL, ENOTSUP) are taken at that.
Result<void> SyncFolder(const std::string& folder);

// Holds "<path>.lock" for as long as the descriptor is open, so that two daemons never write one file. An
// error when another process holds it (IsLockedByAnother), or the lock cannot be had at all.
Result<UniqueFd> LockFile(const std::string& path);

bool IsLockedByAnother(const Error& from_lock_file);

// nullopt: there is no such file. More than 64 MiB is an error.
Result<std::optional<std::string>> ReadWhole(const std::string& path);

}  // namespace candor::daemon
