// SPDX-License-Identifier: Apache-2.0
//
// Takes connections from one listener, one after the other, for as long as its io_context runs. One thread.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "net/listener.h"
#include "net/session.h"

namespace candor::web {

class Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  using OnAccept = std::function<std::shared_ptr<Session>(Socket)>;

  // `limiter` outlives the acceptor.
  Acceptor(boost::asio::io_context& io, Listener listener, ConnectionLimiter& limiter, OnAccept on_accept);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  void Open();   // to be called once
  void Close();  // takes no more

  const std::string& text() const { return text_; }

 private:
  void Accept();
  void Pause();

  boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol> acceptor_;
  boost::asio::steady_timer pause_;
  const boost::asio::generic::stream_protocol protocol_;
  const std::string text_;
  const std::string path_;
  const ino_t file_;
  ConnectionLimiter& limiter_;
  const OnAccept on_accept_;
};

}  // namespace candor::web
