// SPDX-License-Identifier: Apache-2.0
#include "net/acceptor.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace candor::web {
namespace {

constexpr Duration kPause = std::chrono::milliseconds(50);
constexpr int kAtOnce = 16;  // then those who are in get their turn

boost::asio::generic::stream_protocol ProtocolOf(int fd) {
  int family = AF_UNSPEC;
  socklen_t length = sizeof family;
  ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length);
  return {family, 0};
}

}  // namespace

Acceptor::Acceptor(boost::asio::io_context& io, Listener listener, ConnectionLimiter& limiter,
                   OnAccept on_accept)
    : acceptor_(io),
      pause_(io),
      protocol_(ProtocolOf(listener.fd.get())),
      text_(std::move(listener.text)),
      path_(std::move(listener.path)),
      file_(listener.file),
      limiter_(limiter),
      on_accept_(std::move(on_accept)) {
  acceptor_.assign(protocol_, listener.fd.Release());
}

Acceptor::~Acceptor() {
  if (!path_.empty()) RemoveSocketFile(path_, file_);
}

// Waits before it accepts: without a file descriptor left accept(2) fails also when nobody is there, and
// somebody would be evicted for nothing.
void Acceptor::Open() {
  acceptor_.async_wait(boost::asio::socket_base::wait_read,
                       [self = shared_from_this()](const ErrorCode& error) {
                         if (!error && self->acceptor_.is_open()) self->Accept();
                       });
}

void Acceptor::Close() {
  ErrorCode ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

void Acceptor::Accept() {
  for (int i = 0; i < kAtOnce; ++i) {
    UniqueFd fd(::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd && errno == EAGAIN) break;
    if (!fd && errno == ECONNABORTED) continue;
    if (!fd) {
      // Out of file descriptors, mostly. The connection stays in the queue: somebody makes room for it.
      ++limiter_.traffic().accept_failures;
      limiter_.EvictOldest();
      return Pause();
    }
    Socket socket(acceptor_.get_executor(), protocol_, fd.Release());
    on_accept_(std::move(socket))->Start();
  }
  Open();
}

void Acceptor::Pause() {
  pause_.expires_after(kPause);
  pause_.async_wait([self = shared_from_this()](const ErrorCode&) {
    if (self->acceptor_.is_open()) self->Open();
  });
}

}  // namespace candor::web
