// SPDX-License-Identifier: Apache-2.0
//
// A server of plain sockets on 127.0.0.1 for one test: one connection at a time, one scripted reaction each.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/unique_fd.h"

namespace candor {

class TinyHttpServer {
 public:
  // Called with the connection and the request's head; the connection is closed when it returns.
  using Reaction = std::function<void(TinyHttpServer&, int fd, const std::string& head)>;

  explicit TinyHttpServer(Reaction reaction) : reaction_(std::move(reaction)) {
    listener_.Reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof a;
    auto* sa = reinterpret_cast<sockaddr*>(&a);
    if (::bind(listener_.get(), sa, sizeof a) != 0 || ::listen(listener_.get(), 16) != 0 ||
        ::getsockname(listener_.get(), sa, &size) != 0) {
      throw std::runtime_error("no socket for the test's server");
    }
    port_ = ntohs(a.sin_port);
    thread_ = std::thread([this] { Run(); });
  }
  ~TinyHttpServer() {
    stop_ = true;
    thread_.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/health"; }
  int requests() const { return requests_; }
  bool stopping() const { return stop_; }

  // Keeps the connection open without sending, until the test or the client ends it.
  void Hang(int fd) const {
    while (!stop_) {
      char c = 0;
      if (Readable(fd) && ::recv(fd, &c, 1, MSG_PEEK) <= 0) return;
    }
  }
  static bool Send(int fd, const std::string& text) {
    return ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }

 private:
  static bool Readable(int fd) {
    pollfd p{fd, POLLIN, 0};
    return ::poll(&p, 1, 10) == 1;
  }

  void Run() {
    while (!stop_) {
      if (!Readable(listener_.get())) continue;
      const UniqueFd fd(::accept(listener_.get(), nullptr, nullptr));
      std::string head;
      char buffer[1024];
      while (!stop_ && head.find("\r\n\r\n") == std::string::npos) {
        if (!Readable(fd.get())) continue;
        const ssize_t n = ::recv(fd.get(), buffer, sizeof buffer, 0);
        if (n <= 0) break;
        head.append(buffer, static_cast<size_t>(n));
      }
      ++requests_;
      reaction_(*this, fd.get(), head);
    }
  }

  const Reaction reaction_;
  UniqueFd listener_;
  uint16_t port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> requests_{0};
  std::thread thread_;
};

// Sends `text` and closes.
inline TinyHttpServer::Reaction Say(std::string text) {
  return [text](TinyHttpServer&, int fd, const std::string&) { TinyHttpServer::Send(fd, text); };
}

}  // namespace candor
