// SPDX-License-Identifier: Apache-2.0
#include "web/door.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace candor::web {
namespace {

constexpr Duration kRest = std::chrono::milliseconds(50);
constexpr int kAtOnce = 16;  // then those who are in get their turn

boost::asio::generic::stream_protocol ProtocolOf(int fd) {
  int family = AF_UNSPEC;
  socklen_t length = sizeof family;
  ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length);
  return {family, 0};
}

}  // namespace

Door::Door(boost::asio::io_context& io, Listener listener, Lobby& lobby, Welcome welcome)
    : acceptor_(io),
      rest_(io),
      protocol_(ProtocolOf(listener.fd.get())),
      text_(std::move(listener.text)),
      path_(std::move(listener.path)),
      file_(listener.file),
      lobby_(lobby),
      welcome_(std::move(welcome)) {
  acceptor_.assign(protocol_, listener.fd.Release());
}

Door::~Door() {
  if (!path_.empty()) RemoveSocketFile(path_, file_);
}

// Waits before it accepts: without a file descriptor left accept(2) fails also when nobody is there, and
// somebody would be evicted for nothing.
void Door::Open() {
  acceptor_.async_wait(boost::asio::socket_base::wait_read,
                       [self = shared_from_this()](const ErrorCode& error) {
                         if (!error && self->acceptor_.is_open()) self->LetIn();
                       });
}

void Door::Close() {
  ErrorCode ignored;
  acceptor_.close(ignored);
  rest_.cancel();
}

void Door::LetIn() {
  for (int i = 0; i < kAtOnce; ++i) {
    UniqueFd fd(::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd && errno == EAGAIN) break;
    if (!fd && errno == ECONNABORTED) continue;
    if (!fd) {
      // Out of file descriptors, mostly. The connection stays in the queue: somebody makes room for it.
      ++lobby_.traffic().unaccepted;
      lobby_.EvictOldest();
      return Rest();
    }
    Socket socket(acceptor_.get_executor(), protocol_, fd.Release());
    welcome_(std::move(socket))->Start();
  }
  Open();
}

void Door::Rest() {
  rest_.expires_after(kRest);
  rest_.async_wait([self = shared_from_this()](const ErrorCode&) {
    if (self->acceptor_.is_open()) self->Open();
  });
}

}  // namespace candor::web
