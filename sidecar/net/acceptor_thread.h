// SPDX-License-Identifier: Apache-2.0
//
// Accepts connections and hands them to gRPC. The library's own listener (1.51) never accepts again once a
// single accept failed for want of a file descriptor; this one lets the connections wait in the backlog until
// there is one. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/listener.h"

namespace candor {

class AcceptorThread {
 public:
  // On the acceptor's thread, with a non-blocking, close-on-exec descriptor that is the callee's from then
  // on.
  using OnAccept = std::function<void(int listener, int fd)>;
  // On the acceptor's thread: connections have to wait, and why; empty when they no longer do.
  using OnShortage = std::function<void(const std::string&)>;

  static Result<std::unique_ptr<AcceptorThread>> Open(std::vector<Listener> listeners, OnAccept on_accept,
                                                      OnShortage trouble);
  ~AcceptorThread();  // Close()
  AcceptorThread(const AcceptorThread&) = delete;
  AcceptorThread& operator=(const AcceptorThread&) = delete;

  // Nobody comes in from now on; the files of unix sockets are removed. Idempotent.
  void Close();

 private:
  AcceptorThread(std::vector<Listener> listeners, OnAccept on_accept, OnShortage trouble, UniqueFd stop);
  void Run();
  // False when there is no descriptor for whoever waits.
  bool Accept(const Listener& listener);
  void Tell(const std::string& trouble);

  std::vector<Listener> listeners_;
  const OnAccept on_accept_;
  const OnShortage on_shortage_;
  std::string shortage_;
  UniqueFd stop_;  // an eventfd
  std::thread thread_;
};

}  // namespace candor
