// SPDX-License-Identifier: Apache-2.0
//
// A file that is replaced as a whole and outlives a loss of power; its lock. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace candor::daemon {

// Writes "<path>.new", syncs it, renames it, syncs the folder: when this returns without an error, the bytes
// outlive a loss of power. Mode 0600. After an error the file is the old one, or, where only the folder could
// not be synced, the new one.
Result<void> WriteAtomically(const std::string& path, std::string_view bytes);

// An entry of `folder` that was just made outlives a loss of power from here on. No error on file systems
// that cannot sync a folder (EINVAL, ENOTSUP).
Result<void> SyncFolder(const std::string& folder);

// Locks "<path>.lock" while the descriptor is open, so that two daemons never write one file. An error when
// another process holds the lock (IsLockedByAnother) or the lock file cannot be written.
Result<UniqueFd> LockFile(const std::string& path);

bool IsLockedByAnother(const Error& from_lock_file);

}  // namespace candor::daemon
