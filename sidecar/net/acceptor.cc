// SPDX-License-Identifier: Apache-2.0
#include "net/acceptor.h"

#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <utility>

namespace candor {
namespace {

constexpr std::chrono::milliseconds kRetry{50};
constexpr int kBatch = 16;  // connections in a row, before other handlers run

bool IsShortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Acceptor::Acceptor(boost::asio::io_context& io, Listener listener, OnAccept on_accept, OnShortage on_shortage)
    : file_(std::move(listener.file)),
      socket_(io, listener.fd.Release()),
      retry_(io),
      on_accept_(std::move(on_accept)),
      on_shortage_(std::move(on_shortage)) {
  Wait();
}

void Acceptor::Close() {
  boost::system::error_code ignored;
  file_.Remove();
  socket_.close(ignored);
  retry_.cancel();
}

// accept(2) without a connection fails too when no file descriptor is left, so it is called only when one
// waits.
void Acceptor::Wait() {
  socket_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                     [this](const boost::system::error_code& error) {
                       if (!error && socket_.is_open()) AcceptPending();
                     });
}

void Acceptor::AcceptPending() {
  for (int i = 0; i < kBatch; ++i) {
    UniqueFd fd(::accept4(socket_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd) {
      if (std::exchange(short_, false)) on_shortage_(0);
      on_accept_(std::move(fd));
    } else if (errno == EAGAIN) {
      break;
    } else if (IsShortage(errno)) {
      short_ = true;
      on_shortage_(errno);
      retry_.expires_after(kRetry);
      retry_.async_wait([this](const boost::system::error_code& error) {
        if (!error && socket_.is_open()) Wait();
      });
      return;
    }  // else: the connection ended before it was accepted
  }
  Wait();
}

}  // namespace candor
