// SPDX-License-Identifier: Apache-2.0
#include "net/session.h"

#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <chrono>

namespace candor {
namespace {

using Protocol = boost::asio::generic::stream_protocol;

constexpr std::chrono::seconds kShutdownTimeout{1};
constexpr size_t kMaxDrainBytes = 64 * 1024;

Protocol::socket SocketOf(boost::asio::io_context& io, UniqueFd connection) {
  int family = AF_UNSPEC;
  socklen_t length = sizeof family;
  ::getsockopt(connection.get(), SOL_SOCKET, SO_DOMAIN, &family, &length);
  return {io, Protocol(family, 0), connection.Release()};
}

}  // namespace

Session::Session(boost::asio::io_context& io, UniqueFd connection, ConnectionLimiter& limiter)
    : stream_(SocketOf(io, std::move(connection))), limiter_(limiter) {}

bool Session::Failed(const ErrorCode& error) {
  if (!error) return false;
  if (error == boost::beast::error::timeout) ++limiter_.counts().timed_out;
  return true;
}

void Session::ShutDown() {
  ErrorCode ignored;
  stream_.socket().shutdown(Protocol::socket::shutdown_send, ignored);
  stream_.expires_after(kShutdownTimeout);
  Drain();
}

void Session::Drain() {
  stream_.async_read_some(boost::asio::buffer(discarded_),
                          [self = shared_from_this()](const ErrorCode& error, size_t n) {
                            self->drained_ += n;
                            if (error || self->drained_ >= kMaxDrainBytes) return;
                            self->Drain();
                          });
}

}  // namespace candor
