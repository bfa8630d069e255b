// SPDX-License-Identifier: Apache-2.0
#include "serve/unix_door.h"

#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "serve/listen_address.h"

namespace candor {

Result<std::unique_ptr<UnixDoor>> UnixDoor::Open(const std::string& path, int mode, bool take_over) {
  const auto address = ListenAddress::Parse("unix:" + path);
  if (!address) return tl::make_unexpected(address.error());
  if (auto free = CheckFree(*address); !free && !(take_over && IsInUse(free.error()))) {
    return tl::make_unexpected(free.error());
  }
  auto listeners = ListenOn(*address, mode, false);
  if (!listeners) return tl::make_unexpected(listeners.error());
  return std::unique_ptr<UnixDoor>(new UnixDoor(std::move(*listeners)));
}

UnixDoor::~UnixDoor() {
  Close();
  for (const Listener& l : listeners_) RemoveSocketFile(l.path, l.file);  // never started
}

Result<void> UnixDoor::Start(OnConnection on_connection, FrontDoor::Trouble trouble) {
  on_connection_ = std::move(on_connection);
  auto door = FrontDoor::Open(
      std::exchange(listeners_, {}), [this](int, int fd) { Welcome(fd); }, std::move(trouble));
  if (!door) return tl::make_unexpected(door.error());
  door_ = std::move(*door);
  return {};
}

void UnixDoor::Close() {
  if (door_) door_->Close();
}

void UnixDoor::Welcome(int fd) {
  UniqueFd connection(fd);
  const auto caller = CallerOf(fd);
  if (!caller) return;
  {
    const std::lock_guard lock(mutex_);
    callers_[fd] = *caller;
  }
  on_connection_(connection.Release());
}

std::string UnixDoor::WhoIs(const std::string& peer) const {
  int fd = -1;
  constexpr std::string_view kFd = "fd:";
  if (peer.starts_with(kFd)) std::from_chars(peer.data() + kFd.size(), peer.data() + peer.size(), fd);
  const std::lock_guard lock(mutex_);
  const auto found = callers_.find(fd);
  return found == callers_.end() ? "somebody at the admin socket" : found->second.Text();
}

}  // namespace candor
