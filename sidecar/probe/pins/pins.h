// SPDX-License-Identifier: Apache-2.0
//
// The pins of one candord: which folder, by what lock, and what there is to take over. One thread.
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
  // Below `root`. An error says why nothing can be pinned.
  static Result<Pins> Open(OpenedPinRoot root, const std::string& cgroup, const ObjectVersion& version);
  // In folders that exist. Nothing in here asks whether they are on a BPF file system.
  Pins(std::string root, std::string instance, const ObjectVersion& version)
      : root_(std::move(root)), instance_(std::move(instance)), version_(version) {}

  // Pins again what was left of this instance, whatever its version: Find() then finds it. An error says what
  // could not be.
  Result<void> Restore(const KeptPins& left);

  enum class Found {
    kNothing,   // begin anew
    kSame,      // these very maps and programs, and nobody holds them: folder() is ours now
    kSameMaps,  // maps of this layout under other programs, and nobody holds them: folder() is ours now
    kHeld,      // another candord runs on these very maps and programs
    kMapsHeld,  // another candord runs on maps of this layout with other programs
  };
  Found Find();
  // Of kHeld and kMapsHeld: waits beside the owner in folder(). OwnerGone() then tells whether it is our
  // turn.
  Result<void> Follow();
  bool OwnerGone();
  // Of kNothing: a fresh folder of ours, unfinished until Finish().
  Result<void> Begin();
  // What is in folder() is of this version: names it so. The lock of whoever owns it goes along.
  Result<void> Finish();

  struct Others {
    int removed = 0;  // nobody held them
    int held = 0;     // other candords run on them
  };
  // Removes the folders of other versions that nobody holds.
  Others RemoveOthers();
  // Of all instances below the root those whose cgroup is gone and that nobody holds: removed.
  void RemoveOrphans();
  // A follower waits for what is pinned here.
  bool IsFollowed() const;
  void Remove();

  // What folder() needs to be there.
  const OpenedPinRoot& root() const { return opened_; }
  // By its name of now: a follower of another version gives a folder that we own another one.
  std::string folder() const;

 private:
  std::string PathOf(const std::string& name) const { return instance_ + "/" + name; }
  bool Own(const std::string& name);

  OpenedPinRoot opened_;  // root_ leads through it; null in folders that are reached by their own names
  std::string root_, instance_;
  std::string folder_;  // as we found or named it
  ObjectVersion version_;
  UniqueFd owner_, follower_;
};

// All that is pinned in a folder(), for Restore(). Needs BPF_OBJ_GET.
KeptPins OpenPins(const std::string& folder);

}  // namespace candor
