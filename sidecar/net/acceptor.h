// SPDX-License-Identifier: Apache-2.0
//
// Accepts the connections of one listener on an io_context. While the process has no file descriptor left,
// connections wait in the listener's backlog, and accept(2) is tried again every 50 ms. (gRPC 1.51's own
// listener never accepts again after one such failure.) One thread, that of the io_context.
// Tested in tests/net/acceptor_thread_test.cc.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "net/listener.h"

namespace candor {

class Acceptor {
 public:
  using OnAccept = std::function<void(UniqueFd connection)>;  // non-blocking, close-on-exec
  // After each accept(2) that failed with EMFILE, ENFILE, ENOBUFS or ENOMEM, which is `error`; 0: it worked
  // again.
  using OnShortage = std::function<void(int error)>;

  // `io` outlives this; io.run() has returned when this is destroyed. Throws boost::system::system_error.
  Acceptor(boost::asio::io_context& io, Listener listener, OnAccept on_accept, OnShortage on_shortage);

  void Close();  // accepts no further connection and removes the file of a unix socket

 private:
  void Wait();
  void AcceptPending();

  SocketFile file_;
  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer retry_;
  const OnAccept on_accept_;
  const OnShortage on_shortage_;
  bool short_ = false;
};

}  // namespace candor
