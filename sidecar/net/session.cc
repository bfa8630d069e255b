// SPDX-License-Identifier: Apache-2.0
#include "net/session.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>

namespace candor::web {
namespace {

constexpr Duration kShutdownTimeout = std::chrono::seconds(1);
constexpr size_t kMaxDrainBytes = 64 * 1024;

}  // namespace

bool Session::Failed(const ErrorCode& error) {
  if (!error) return false;
  if (error == boost::beast::error::timeout) ++limiter_.traffic().timed_out;
  return true;
}

void Session::ShutDown() {
  ErrorCode ignored;
  stream_.socket().shutdown(Socket::shutdown_send, ignored);
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

}  // namespace candor::web
