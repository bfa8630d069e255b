// SPDX-License-Identifier: Apache-2.0
//
// Folders of pinned objects: made, listed, locked, removed. A folder belongs to whoever holds the lock on it,
// and locks end with the process, however it ends. Plain file operations; one thread.
//
// systemd and iproute2 mount the BPF file system so that only root may pass it (mode 0700). A folder in it
// can still be used through a descriptor: "/proc/self/fd/N/name" asks for rights on the folder itself, not on
// those above it (path_resolution(7), proc_pid_fd(5)). So root opens it, and may then become another user.
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
  // Makes it where it is missing, below a folder that exists. An error names the folder and the remedy: it is
  // not on a BPF file system, or this user may not pass the folders above it.
  static Result<PinRoot> Open(const std::string& folder);
  // One that is open, by its `name` for people. Nothing here asks whether it is on a BPF file system.
  PinRoot(std::string name, UniqueFd fd) : name_(std::move(name)), fd_(std::move(fd)) {}

  // Where it is reached, as long as this object lives, whatever the rights of the folders above it.
  std::string path() const;
  // `text` with the name of the folder in the place of path(): for people.
  std::string Named(std::string text) const;

 private:
  std::string name_;
  UniqueFd fd_;
};
// Null: not opened yet. An error: it was tried with all the rights that this process ever had.
using OpenedPinRoot = std::shared_ptr<const Result<PinRoot>>;

// Makes `root`/`instance`, in a root that exists.
Result<std::string> MakeInstanceFolder(const std::string& root, const std::string& instance);

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
