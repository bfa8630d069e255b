// SPDX-License-Identifier: Apache-2.0
#include "probe/pins.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "probe/attachment.h"

namespace candor {

Result<Pins> Pins::Open(const std::string& root, const std::string& cgroup, const ObjectVersion& version) {
  auto instance = MakePinFolders(root, InstanceName(cgroup));
  if (!instance) return tl::make_unexpected(instance.error());
  Pins pins;
  pins.root_ = root;
  pins.instance_ = std::move(*instance);
  pins.version_ = version;
  return pins;
}

bool Pins::Own(const std::string& name) {
  auto lock = LockPins(PathOf(name), PinLock::kOwner);
  if (!lock) return false;
  owner_ = std::move(*lock);
  folder_ = PathOf(name);
  return true;
}

Pins::Found Pins::Look() {
  const std::string wanted = version_.Name();
  std::optional<std::string> older;
  for (const std::string& name : FoldersIn(instance_)) {
    if (name == wanted) return Own(name) ? Found::kSame : Found::kHeld;
    const auto version = ObjectVersion::Parse(name);
    if (version && version->SameMaps(version_)) older = name;
  }
  return older && Own(*older) ? Found::kSameMaps : Found::kNothing;
}

Result<void> Pins::Follow() {
  auto lock = LockPins(instance_, PinLock::kFollower);
  if (!lock) return tl::make_unexpected(lock.error());
  follower_ = std::move(*lock);
  folder_ = PathOf(version_.Name());
  return {};
}

bool Pins::OwnerGone() {
  if (owner_) return true;
  auto lock = LockPins(folder_, PinLock::kOwner);
  // An owner that did not see us takes its pins along; what they stood for lives on in our descriptors.
  const bool removed = !lock && lock.error().code == ENOENT;
  if (!lock && !removed) return false;
  if (lock) owner_ = std::move(*lock);
  follower_.Reset();
  return true;
}

Result<void> Pins::Begin() {
  const std::string name = "new-" + std::to_string(::getpid());
  if (::mkdir(PathOf(name).c_str(), 0700) != 0 && errno != EEXIST) {
    return FailErrno("cannot make " + PathOf(name), errno);
  }
  if (!Own(name)) return FailErrno("cannot lock " + PathOf(name), errno);
  return {};
}

Result<void> Pins::Finish() {
  const std::string to = PathOf(version_.Name());
  if (folder_ == to) return {};
  if (::rename(folder_.c_str(), to.c_str()) != 0) return FailErrno("cannot name " + to, errno);
  folder_ = to;  // the lock is on the folder, not on its name
  return {};
}

int Pins::RemoveOthers() {
  int removed = 0;
  for (const std::string& name : FoldersIn(instance_)) {
    if (PathOf(name) == folder_) continue;
    const auto lock = LockPins(PathOf(name), PinLock::kOwner);
    if (lock && RemovePins(PathOf(name))) ++removed;
  }
  return removed;
}

void Pins::RemoveOrphans() {
  for (const std::string& instance : FoldersIn(root_)) {
    const std::string path = root_ + "/" + instance;
    if (path == instance_) continue;
    for (const std::string& name : FoldersIn(path)) {
      const auto lock = LockPins(path + "/" + name, PinLock::kOwner);
      if (lock && PinnedLinksAreDead(path + "/" + name)) RemovePins(path + "/" + name);
    }
    ::rmdir(path.c_str());  // only when it is empty
  }
}

bool Pins::IsFollowed() const { return !LockPins(instance_, PinLock::kOwner).has_value(); }

void Pins::Remove() {
  RemovePins(folder_);
  owner_.Reset();
  ::rmdir(instance_.c_str());  // only when nobody else is there
}

}  // namespace candor
