// SPDX-License-Identifier: Apache-2.0
//
// The pins of one candord: which folder, by what lock, and what there is to take over. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "probe/pin_folder.h"
#include "probe/pin_names.h"

namespace candor {

class Pins {
 public:
  // An error says why nothing can be pinned.
  static Result<Pins> Open(const std::string& root, const std::string& cgroup, const ObjectVersion& version);

  enum class Found {
    kNothing,   // begin anew
    kSame,      // these very maps and programs, and nobody holds them: folder() is ours now
    kSameMaps,  // maps of this layout under older programs, and nobody holds them: folder() is ours now
    kHeld,      // another candord runs on these very maps and programs
  };
  Found Look();
  // Of kHeld: waits beside the owner. OwnerGone() then tells whether it is our turn.
  Result<void> Follow();
  bool OwnerGone();
  // Of kNothing: a fresh folder of ours, unfinished until Finish() names it after the version.
  Result<void> Begin();
  Result<void> Finish();

  // Folders of other versions that nobody holds: removed, and how many there were.
  int RemoveOthers();
  // Of all instances below the root those whose cgroup is gone and that nobody holds: removed.
  void RemoveOrphans();
  // A follower waits for what is pinned here.
  bool IsFollowed() const;
  void Remove();

  const std::string& folder() const { return folder_; }

 private:
  std::string PathOf(const std::string& name) const { return instance_ + "/" + name; }
  bool Own(const std::string& name);

  std::string root_, instance_, folder_;
  ObjectVersion version_;
  UniqueFd owner_, follower_;
};

}  // namespace candor
