// SPDX-License-Identifier: Apache-2.0
//
// One connection, TCP or unix: what HTTP and the agent have in common. Lives as long as an operation of it is
// in flight. One thread, that of its io_context.
#pragma once

#include <array>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <memory>

#include "web/lobby.h"
#include "web/web_options.h"

namespace candor::web {

using Socket = boost::asio::generic::stream_protocol::socket;
using Stream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;
using ErrorCode = boost::system::error_code;

class Session : public Guest, public std::enable_shared_from_this<Session> {
 public:
  // `lobby` and `options` outlive the session.
  Session(Socket socket, Lobby& lobby, const WebOptions& options)
      : stream_(std::move(socket)), lobby_(lobby), options_(options) {}
  ~Session() override { lobby_.Leave(this); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // To be called once, when a shared_ptr owns it.
  void Start() {
    lobby_.Enter(this);
    Begin();
  }
  void Evict() override { stream_.close(); }

 protected:
  virtual void Begin() = 0;
  // Ends the stream, then waits a little for the peer to do so: closing with bytes unread would make the
  // system reset the connection and throw away what the peer has not read yet (RFC 9112 section 9.6).
  void Farewell();
  // Whether the operation failed; if so the session ends, and a time-out is counted.
  bool Failed(const ErrorCode& error);

  Stream stream_;
  Lobby& lobby_;
  const WebOptions& options_;

 private:
  void Drain();

  size_t drained_ = 0;
  std::array<char, 1024> waste_{};
};

}  // namespace candor::web
