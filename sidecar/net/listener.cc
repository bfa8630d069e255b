// SPDX-License-Identifier: Apache-2.0
#include "net/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace candor {
namespace {

constexpr int kBacklog = 4096;  // the kernel limits it to net.core.somaxconn

UniqueFd NewSocket(int family) {
  return UniqueFd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// 0 or the errno.
int BindAndListen(int fd, const sockaddr* address, socklen_t length) {
  if (::bind(fd, address, length) != 0) return errno;
  return ::listen(fd, kBacklog) != 0 ? errno : 0;
}

Result<std::vector<Listener>> ListenUnix(const ListenAddress& a, int mode) {
  ::unlink(a.path.c_str());
  UniqueFd fd = NewSocket(AF_UNIX);
  sockaddr_un sun{};
  sun.sun_family = AF_UNIX;
  std::memcpy(sun.sun_path, a.path.c_str(), a.path.size());
  struct stat file {};
  // connect(2) fails until listen(2): no client gets in before the mode is set.
  const bool open = fd && ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&sun), sizeof sun) == 0 &&
                    ::chmod(a.path.c_str(), static_cast<mode_t>(mode)) == 0 &&
                    ::listen(fd.get(), kBacklog) == 0 && ::lstat(a.path.c_str(), &file) == 0;
  if (!open) return FailErrno("cannot listen on " + a.text, errno);
  std::vector<Listener> out;
  out.push_back({std::move(fd), a.text, true, SocketFile(a.path, file.st_ino)});
  return out;
}

uint16_t PortOf(int fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0) return 0;
  if (storage.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(storage).sin_port);
  return ntohs(reinterpret_cast<const sockaddr_in6&>(storage).sin6_port);
}

Result<std::vector<Listener>> ListenTcp(const ListenAddress& a, bool share) {
  const auto found = Resolve(a);
  if (!found) return tl::make_unexpected(found.error());
  std::vector<Listener> out;
  int last = EADDRNOTAVAIL;
  for (const addrinfo* i = found->get(); i != nullptr; i = i->ai_next) {
    UniqueFd fd = NewSocket(i->ai_family);
    const int on = 1;  // connections in TIME_WAIT do not prevent binding
    if (fd) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd && share) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (fd) ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // accepted sockets inherit it
    const int code = !fd ? errno : BindAndListen(fd.get(), i->ai_addr, i->ai_addrlen);
    if (code == EADDRINUSE) return FailErrno("cannot listen on " + a.text, code);
    if (code != 0) {
      last = code;
      continue;
    }
    const std::string text = a.text.substr(0, a.text.rfind(':') + 1) + std::to_string(PortOf(fd.get()));
    out.push_back({std::move(fd), text});
    if (a.port == 0) break;  // each address would get a port of its own
  }
  if (out.empty()) return FailErrno("cannot listen on " + a.text, last);
  return out;
}

}  // namespace

void SocketFile::Remove() {
  struct stat now {};
  if (!path_.empty() && ::lstat(path_.c_str(), &now) == 0 && now.st_ino == inode_) ::unlink(path_.c_str());
  path_.clear();
}

Result<std::vector<Listener>> Listen(const std::string& text, int unix_mode) {
  const auto address = ListenAddress::Parse(text);
  if (!address) return tl::make_unexpected(address.error());
  if (auto free = CheckFree(*address); !free) return tl::make_unexpected(free.error());
  return ListenOn(*address, unix_mode, false);
}

Result<std::vector<Listener>> ListenOn(const ListenAddress& address, int unix_mode, bool share) {
  return address.is_unix() ? ListenUnix(address, unix_mode) : ListenTcp(address, share);
}

}  // namespace candor
