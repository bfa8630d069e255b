// SPDX-License-Identifier: Apache-2.0
//
// A thread with an io_context that accepts connections and may serve them.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/acceptor.h"

namespace candor {

class AcceptorThread {
 public:
  // Fails when the process has no file descriptor left for the io_context.
  static Result<std::unique_ptr<AcceptorThread>> Create();
  ~AcceptorThread() { Stop(); }

  boost::asio::io_context& io() { return io_; }

  // Before Start(). The callbacks run on the thread.
  Result<void> Add(Listener listener, Acceptor::OnAccept on_accept, Acceptor::OnShortage on_shortage);
  void Start();

  // Closes the listeners, calls `at_end` on the thread, and returns when no handler is left to run.
  // Idempotent and thread-safe; not to be called on the thread itself.
  void Stop(const std::function<void()>& at_end = {});

 private:
  AcceptorThread() = default;

  boost::asio::io_context io_{1};
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::mutex stop_mutex_;
  std::thread thread_;
};

// What accept failures and recoveries are, in words, once for each change: "connections to ADDRESS have to
// wait: Too many open files", then "". On the acceptor's thread.
using ShortageLog = std::function<void(const std::string& text)>;
Acceptor::OnShortage LogShortage(const std::string& address, ShortageLog log);

}  // namespace candor
