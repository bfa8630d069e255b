// SPDX-License-Identifier: Apache-2.0
#include "probe/pins/pins.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "probe/attach/attachment.h"

namespace candor {

Result<Pins> Pins::Open(OpenedPinRoot root, const std::string& cgroup, const ObjectVersion& version) {
  if (!*root) return tl::make_unexpected(root->error());
  const std::string path = (*root)->path();
  auto instance = MakeInstanceFolder(path, InstanceName(cgroup));
  if (!instance) return tl::make_unexpected(instance.error());
  Pins pins(path, *instance, version);
  pins.opened_ = std::move(root);
  return pins;
}

bool Pins::Own(const std::string& name) {
  auto lock = LockPins(PathOf(name), PinLock::kOwner);
  if (!lock) return false;
  owner_ = std::move(*lock);
  folder_ = PathOf(name);
  return true;
}

Result<void> Pins::Restore(const KeptPins& left) {
  const std::string instance = std::filesystem::path(instance_).filename().string() + "/";
  for (const auto& [name, object] : left) {
    if (!name.starts_with(instance)) continue;  // of another cgroup
    const std::filesystem::path path = std::filesystem::path(root_) / name;
    const std::string folder = path.parent_path();
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
      return FailErrno("cannot make " + folder, errno);
    }
    // EEXIST: a candord that was killed during its end left some of them.
    if (bpf_obj_pin(object.get(), path.c_str()) != 0 && errno != EEXIST) {
      return FailErrno("cannot pin " + path.string(), errno);
    }
  }
  return {};
}

Pins::Found Pins::Find() {
  std::vector<std::string> others, held;
  for (const std::string& name : FoldersIn(instance_)) {
    const auto version = ObjectVersion::Parse(name);
    if (!version || !version->SameMaps(version_)) continue;
    if (*version == version_) {
      folder_ = PathOf(name);
      return Own(name) ? Found::kSame : Found::kHeld;
    }
    others.push_back(name);
  }
  for (const std::string& name : others) {
    if (Own(name)) return Found::kSameMaps;
    held.push_back(name);
  }
  if (held.size() != 1) return Found::kNothing;  // with several the predecessor is ambiguous
  folder_ = PathOf(held.front());
  return Found::kMapsHeld;
}

Result<void> Pins::Follow() {
  auto lock = LockPins(instance_, PinLock::kFollower);
  if (!lock) return tl::make_unexpected(lock.error());
  follower_ = std::move(*lock);
  return {};
}

bool Pins::OwnerGone() {
  if (owner_) return true;
  auto lock = LockPins(folder_, PinLock::kOwner);
  // An owner that ended without noticing its follower removed the pins; the objects remain in our
  // descriptors.
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
  folder_ = to;  // the lock is on the folder and not on its name
  return {};
}

std::string Pins::folder() const {
  if (!owner_) return folder_;
  std::error_code error;
  const auto now = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(owner_.get()), error);
  return error ? folder_ : PathOf(now.filename());  // it stays in its instance
}

Pins::Others Pins::RemoveOthers() {
  Others others;
  const std::string own = folder();
  for (const std::string& name : FoldersIn(instance_)) {
    if (PathOf(name) == own) continue;
    const auto lock = LockPins(PathOf(name), PinLock::kOwner);
    if (!lock && lock.error().code == EWOULDBLOCK) ++others.held;
    if (lock && RemovePins(PathOf(name))) ++others.removed;
  }
  return others;
}

void Pins::RemoveOrphans() {
  for (const std::string& instance : FoldersIn(root_)) {
    const std::string path = root_ + "/" + instance;
    if (path == instance_) continue;
    for (const std::string& name : FoldersIn(path)) {
      const std::string folder = fmt::format("{}/{}", path, name);
      const auto lock = LockPins(folder, PinLock::kOwner);
      if (lock && PinnedLinksDetached(folder)) RemovePins(folder);
    }
    ::rmdir(path.c_str());  // only when it is empty
  }
}

bool Pins::IsFollowed() const { return !LockPins(instance_, PinLock::kOwner).has_value(); }

void Pins::Remove() {
  RemovePins(folder());
  owner_.Reset();
  ::rmdir(instance_.c_str());  // only when it is empty
}

KeptPins OpenPins(const std::string& folder) {
  KeptPins pins;
  std::error_code error;
  const std::filesystem::path version(folder);
  const auto name = version.parent_path().filename() / version.filename();
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    UniqueFd object(bpf_obj_get(it->path().c_str()));
    if (object) pins.push_back({name / it->path().filename(), std::move(object)});
  }
  return pins;
}

}  // namespace candor
