// SPDX-License-Identifier: Apache-2.0
#include "serve/unix_door.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>

#include "serve/listen_address.h"

namespace candor {

Result<std::unique_ptr<UnixDoor>> UnixDoor::Open(const std::string& path, mode_t mode, bool take_over) {
  const auto address = ListenAddress::Parse("unix:" + path);
  if (!address) return tl::make_unexpected(address.error());
  if (auto free = CheckFree(*address); !free && !take_over) return tl::make_unexpected(free.error());
  ::unlink(path.c_str());  // a socket that nobody listens on, CheckFree has seen to it
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  UniqueFd stop(::eventfd(0, EFD_CLOEXEC));
  if (!fd || !stop) return FailErrno("cannot make the admin socket", errno);
  sockaddr_un sun{};
  sun.sun_family = AF_UNIX;
  std::memcpy(sun.sun_path, path.c_str(), path.size());
  // Before listen() everybody is refused, so nobody slips in before the mode is set.
  const bool open = ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&sun), sizeof sun) == 0 &&
                    ::chmod(path.c_str(), mode) == 0 && ::listen(fd.get(), SOMAXCONN) == 0;
  if (!open) return FailErrno("cannot listen on unix:" + path, errno);
  struct stat file {};
  if (::lstat(path.c_str(), &file) != 0) return FailErrno("cannot look at unix:" + path, errno);
  return std::unique_ptr<UnixDoor>(new UnixDoor(path, file.st_ino, std::move(fd), std::move(stop)));
}

UnixDoor::~UnixDoor() { Close(); }

void UnixDoor::Start(OnConnection on_connection) {
  on_connection_ = std::move(on_connection);
  thread_ = std::thread([this] { Run(); });
}

void UnixDoor::Close() {
  if (!listening_) return;
  const uint64_t one = 1;
  if (thread_.joinable()) {
    while (::write(stop_.get(), &one, sizeof one) < 0 && errno == EINTR) {
    }
    thread_.join();
  }
  struct stat file {};
  if (::lstat(path_.c_str(), &file) == 0 && file.st_ino == file_) ::unlink(path_.c_str());
  listening_.Reset();
}

void UnixDoor::Run() {
  pollfd fds[] = {{listening_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
  while (fds[1].revents == 0) {
    if (::poll(fds, 2, -1) > 0 && fds[0].revents != 0) Accept();
  }
}

void UnixDoor::Accept() {
  UniqueFd fd(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd) {
    // Out of descriptors: the connection stays in the backlog and poll() would spin.
    if (errno == EMFILE || errno == ENFILE) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return;
  }
  const auto caller = CallerOf(fd.get());
  if (!caller) return;
  {
    const std::lock_guard lock(mutex_);
    callers_[fd.get()] = *caller;
  }
  on_connection_(fd.Release());
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
