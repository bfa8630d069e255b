// SPDX-License-Identifier: Apache-2.0
#include "daemon/systemd/notifier.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <utility>

namespace candor::daemon {

Notifier::Notifier(std::string socket) : socket_(std::move(socket)) {
  if (socket_.empty() || socket_.size() >= sizeof(sockaddr_un{}.sun_path)) return;
  fd_.Reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

void Notifier::Send(std::string_view message) const {
  if (!fd_) return;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, socket_.data(), socket_.size());
  if (socket_.front() == '@') to.sun_path[0] = '\0';  // the abstract namespace (unix(7))
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  static_cast<void>(::sendto(fd_.get(), message.data(), message.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&to), length));
}

}  // namespace candor::daemon
