// SPDX-License-Identifier: Apache-2.0
//
// A connection, TCP or unix, served with asynchronous operations. Each operation holds a shared_ptr, and the
// session ends with the last one. One thread, that of the io_context.
// Tested in tests/web/abuse_test.cc.
#pragma once

#include <array>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <memory>

#include "base/unique_fd.h"
#include "net/connection_limiter.h"

namespace candor {

class Session : public Connection, public std::enable_shared_from_this<Session> {
 public:
  using ErrorCode = boost::system::error_code;

  // `io` and `limiter` outlive the session.
  Session(boost::asio::io_context& io, UniqueFd connection, ConnectionLimiter& limiter);
  ~Session() override { limiter_.Remove(this); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // To be called once, when a shared_ptr owns it.
  void Start() {
    limiter_.Add(this);
    OnStart();
  }
  void Evict() override { stream_.close(); }

 protected:
  virtual void OnStart() = 0;
  // Ends the stream, then reads for at most 1 s and 64 KiB until the peer ends it too: close(2) with unread
  // bytes makes the kernel reset the connection, and the peer may lose what it has not read (RFC 9112
  // section 9.6).
  void ShutDown();
  // Whether the operation failed; the session then ends. Counts a time-out.
  bool Failed(const ErrorCode& error);

  boost::beast::basic_stream<boost::asio::generic::stream_protocol> stream_;
  ConnectionLimiter& limiter_;

 private:
  void Drain();

  size_t drained_ = 0;
  std::array<char, 1024> discarded_{};
};

}  // namespace candor
