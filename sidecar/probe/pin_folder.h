// SPDX-License-Identifier: Apache-2.0
//
// Folders of pinned objects: made, listed, locked, removed. A folder belongs to whoever holds the lock on it,
// and locks end with the process, however it ends. Plain file operations; one thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace candor {

// Makes `root` and `root`/`instance`. An error when `root` is not on a BPF file system, with the cure.
Result<std::string> MakePinFolders(const std::string& root, const std::string& instance);

enum class PinLock {
  kOwner,     // alone: reads the ring, removes the folder
  kFollower,  // any number: waits to become the owner
};
// The lock lasts as long as the descriptor. EWOULDBLOCK: somebody else holds it. ENOENT: no such folder.
Result<UniqueFd> LockPins(const std::string& folder, PinLock kind);

// Names of the folders inside; none when it cannot be read.
std::vector<std::string> FoldersIn(const std::string& folder);

// Unpins everything in it and removes it; what others hold by descriptor lives on. False: something is left.
bool RemovePins(const std::string& folder);

}  // namespace candor
