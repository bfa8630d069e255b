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

#include "serve/listener.h"
#include "web/session.h"

namespace candor::web {

class Door : public std::enable_shared_from_this<Door> {
 public:
  using Welcome = std::function<std::shared_ptr<Session>(Socket)>;

  // `lobby` outlives the door.
  Door(boost::asio::io_context& io, Listener listener, Lobby& lobby, Welcome welcome);
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  void Open();   // to be called once
  void Close();  // takes no more

  const std::string& text() const { return text_; }

 private:
  void LetIn();
  void Rest();

  boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol> acceptor_;
  boost::asio::steady_timer rest_;
  const boost::asio::generic::stream_protocol protocol_;
  const std::string text_;
  const std::string path_;
  const ino_t file_;
  Lobby& lobby_;
  const Welcome welcome_;
};

}  // namespace candor::web
