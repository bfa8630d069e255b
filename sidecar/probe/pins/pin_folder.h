// SPDX-License-Identifier: Apache-2.0
//
// Folders of pinned objects: create, list, lock, remove. The process that holds the lock on a folder owns it;
// a lock ends with its process. File operations only; not thread-safe.
//
// systemd and iproute2 mount the BPF file system with mode 0700, for root only. A folder in it remains usable
// through a descriptor: "/proc/self/fd/N/name" needs rights on the folder itself and not on those above it
// (path_resolution(7), proc_pid_fd(5)). So root opens the folder, and the process may then become another
// user.
//
// Tested in tests/probe/pins/pins_test.cc.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace candor {

// The folder of all pins, open.
class PinRoot {
 public:
  // Creates the folder if it is missing; its parent must exist. An error has the folder and the remedy: it is
  // not on a BPF file system, or this user has no access to the folders above it.
  static Result<PinRoot> Open(const std::string& folder);
  // An open folder with its `name` for messages. Does not check for a BPF file system.
  PinRoot(std::string name, UniqueFd fd) : name_(std::move(name)), fd_(std::move(fd)) {}

  // The path by which it is accessible as long as this object lives, with any rights of the folders above it.
  std::string path() const;
  // `text` with path() replaced by the folder's name, for messages.
  std::string Named(std::string text) const;

 private:
  std::string name_;
  UniqueFd fd_;
};
// Null: not opened yet. An error: opening failed with all rights that this process ever had.
using OpenedPinRoot = std::shared_ptr<const Result<PinRoot>>;

// Creates `root`/`instance`; the root must exist.
Result<std::string> MakeInstanceFolder(const std::string& root, const std::string& instance);

enum class PinLock {
  kOwner,     // exclusive: reads the ring, removes the folder
  kFollower,  // shared: waits to become the owner
};
// The lock lasts as long as the descriptor. EWOULDBLOCK: another process has it. ENOENT: no such folder.
Result<UniqueFd> LockPins(const std::string& folder, PinLock kind);

// The sorted names of the folders inside; empty when it cannot be read.
std::vector<std::string> FoldersIn(const std::string& folder);

// Unpins all objects in it and removes it; objects that others have open remain. False: it could not be
// removed completely.
bool RemovePins(const std::string& folder);

}  // namespace candor
