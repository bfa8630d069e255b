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

#include "serve/listener.h"

namespace candor {

class FrontDoor {
 public:
  // On the door's thread, with a non-blocking, close-on-exec descriptor that is the callee's from then on.
  using Welcome = std::function<void(int listener, int fd)>;
  // On the door's thread: connections have to wait, and why; empty when they no longer do.
  using Trouble = std::function<void(const std::string&)>;

  static Result<std::unique_ptr<FrontDoor>> Open(std::vector<Listener> listeners, Welcome welcome,
                                                 Trouble trouble);
  ~FrontDoor();  // Close()
  FrontDoor(const FrontDoor&) = delete;
  FrontDoor& operator=(const FrontDoor&) = delete;

  // Nobody comes in from now on; the files of unix sockets are removed. Idempotent.
  void Close();

 private:
  FrontDoor(std::vector<Listener> listeners, Welcome welcome, Trouble trouble, UniqueFd stop);
  void Run();
  // False when there is no descriptor for whoever waits.
  bool Accept(const Listener& listener);
  void Tell(const std::string& trouble);

  std::vector<Listener> listeners_;
  const Welcome welcome_;
  const Trouble trouble_;
  std::string told_;
  UniqueFd stop_;  // an eventfd
  std::thread thread_;
};

}  // namespace candor
