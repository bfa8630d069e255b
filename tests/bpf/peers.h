// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <cstdint>
#include <string>

#include "base/unique_fd.h"
#include "test_cgroup.h"
#include "tests/packets/packets.h"

namespace candor {

// A minimal media server: a process inside a cgroup with one UDP socket. Answers STUN requests with success
// and echoes all other datagrams until the destructor.
class Server {
 public:
  // Listens on `address`, an IPv6 one with IPv4 peers as well; port 0: any. Lives until the destructor.
  Server(const TestCgroup& cgroup, const std::string& address, uint16_t port = 0);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  uint16_t port() const { return port_; }

 private:
  pid_t child_ = -1;
  UniqueFd stop_;  // the server ends when this end of the pipe closes
  uint16_t port_ = 0;
};

// A client outside of every watched cgroup, connected to `address`:`port`.
class Client {
 public:
  Client(const std::string& address, uint16_t port);

  uint16_t port() const { return port_; }
  void Send(const Bytes& payload) const;
  // The next datagram; empty after 5 s.
  Bytes Receive() const;
  Bytes Exchange(const Bytes& payload) const {
    Send(payload);
    return Receive();
  }

 private:
  UniqueFd fd_;
  uint16_t port_ = 0;
};

}  // namespace candor
