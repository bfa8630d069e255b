// SPDX-License-Identifier: Apache-2.0
#include "net/acceptor_thread.h"

#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <cstring>
#include <utility>

namespace candor {

Result<std::unique_ptr<AcceptorThread>> AcceptorThread::Create() try {
  return std::unique_ptr<AcceptorThread>(new AcceptorThread);
} catch (const boost::system::system_error& error) {
  return FailErrno("cannot accept connections", error.code().value());
}

Result<void> AcceptorThread::Add(Listener listener, Acceptor::OnAccept on_accept,
                                 Acceptor::OnShortage on_shortage) try {
  acceptors_.push_back(
      std::make_unique<Acceptor>(io_, std::move(listener), std::move(on_accept), std::move(on_shortage)));
  return {};
} catch (const boost::system::system_error& error) {
  return FailErrno("cannot accept connections", error.code().value());
}

void AcceptorThread::Start() {
  thread_ = std::thread([this] { io_.run(); });
}

void AcceptorThread::Stop(const std::function<void()>& at_end) {
  const std::lock_guard lock(stop_mutex_);
  if (!thread_.joinable()) return;
  boost::asio::post(io_, [this, &at_end] {
    for (const auto& acceptor : acceptors_) acceptor->Close();
    if (at_end) at_end();
  });
  thread_.join();  // run() returns when it has nothing left to wait for
}

Acceptor::OnShortage LogShortage(const std::string& address, ShortageLog log) {
  return [address, log = std::move(log), logged = 0](int error) mutable {
    if (!log || std::exchange(logged, error) == error) return;
    log(error == 0 ? "" : "connections to " + address + " have to wait: " + std::strerror(error));
  };
}

}  // namespace candor
