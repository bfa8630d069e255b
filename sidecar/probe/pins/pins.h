// SPDX-License-Identifier: Apache-2.0
//
// The pins of one candord: its folder, its lock, and the objects to take over. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "probe/pins/pin_folder.h"
#include "probe/pins/pin_names.h"
#include "probe/pins/pin_store.h"

namespace candor {

class Pins {
 public:
  // Below `root`. An error: nothing can be pinned.
  static Result<Pins> Open(OpenedPinRoot root, const std::string& cgroup, const ObjectVersion& version);
  // In existing folders, without a check for a BPF file system.
  Pins(std::string root, std::string instance, const ObjectVersion& version)
      : root_(std::move(root)), instance_(std::move(instance)), version_(version) {}

  // Pins the objects of this instance in `left` again, of any version; Find() then finds them.
  Result<void> Restore(const KeptPins& left);

  enum class Found {
    kNothing,   // nothing to take over
    kSame,      // these maps and programs, not held: folder() is now locked by this object
    kSameMaps,  // maps of this layout with other programs, not held: folder() is now locked by this object
    kHeld,      // another candord runs on these maps and programs
    kMapsHeld,  // another candord runs on maps of this layout with other programs
  };
  Found Find();
  // After kHeld and kMapsHeld: waits beside the owner of folder(). OwnerGone() becomes true at its end.
  Result<void> Follow();
  bool OwnerGone();
  // After kNothing: creates and locks a folder with a temporary name, until Finish().
  Result<void> Begin();
  // Gives folder() the name of this version. The owner's lock stays on it.
  Result<void> Finish();

  struct Others {
    int removed = 0;  // not held
    int held = 0;     // in use by other candords
  };
  // Removes the folders of other versions that are not held.
  Others RemoveOthers();
  // Removes the folders of all instances that are not held and whose cgroup is gone.
  void RemoveOrphans();
  // Whether another candord waits in Follow().
  bool IsFollowed() const;
  void Remove();

  // folder() is a path through this.
  const OpenedPinRoot& root() const { return opened_; }
  // By its current name: a follower of another version renames the owner's folder.
  std::string folder() const;

 private:
  std::string PathOf(const std::string& name) const { return instance_ + "/" + name; }
  bool Own(const std::string& name);

  OpenedPinRoot opened_;  // root_ is a path through it; null for folders with paths of their own
  std::string root_, instance_;
  std::string folder_;  // as found or named by this object
  ObjectVersion version_;
  UniqueFd owner_, follower_;
};

// All objects pinned in a folder(), for Restore(). Needs BPF_OBJ_GET.
KeptPins OpenPins(const std::string& folder);

}  // namespace candor
