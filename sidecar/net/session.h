// SPDX-License-Identifier: Apache-2.0
//
// One connection, TCP or unix: what HTTP and the agent have in common. Lives as long as an operation of it is
// in flight. One thread, that of its io_context.
#pragma once

#include <array>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <memory>

#include "net/connection_limiter.h"
#include "web/web_options.h"

namespace candor::web {

using Socket = boost::asio::generic::stream_protocol::socket;
using Stream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;
using ErrorCode = boost::system::error_code;

class Session : public Connection, public std::enable_shared_from_this<Session> {
 public:
  // `limiter` and `options` outlive the session.
  Session(Socket socket, ConnectionLimiter& limiter, const WebOptions& options)
      : stream_(std::move(socket)), limiter_(limiter), options_(options) {}
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
  // Ends the stream, then waits a little for the peer to do so: closing with bytes unread would make the
  // system reset the connection and throw away what the peer has not read yet (RFC 9112 section 9.6).
  void ShutDown();
  // Whether the operation failed; if so the session ends, and a time-out is counted.
  bool Failed(const ErrorCode& error);

  Stream stream_;
  ConnectionLimiter& limiter_;
  const WebOptions& options_;

 private:
  void Drain();

  size_t drained_ = 0;
  std::array<char, 1024> discarded_{};
};

}  // namespace candor::web
