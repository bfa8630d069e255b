// SPDX-License-Identifier: Apache-2.0
#include "peers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace candor {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress AddressOf(const std::string& text, uint16_t port) {
  SocketAddress out;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    out.size = sizeof *v4;
  } else if (::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    out.size = sizeof *v6;
  }
  return out;
}

uint16_t PortOf(int fd) {
  SocketAddress a;
  a.size = sizeof a.storage;
  ::getsockname(fd, a.get(), &a.size);
  // The port has the same offset in both families.
  return ntohs(reinterpret_cast<sockaddr_in*>(&a.storage)->sin_port);
}

void Must(bool ok, const char* doing) {
  if (ok) return;
  std::perror(doing);
  ::_exit(253);
}

void Serve(int fd, int stop) {
  std::array<uint8_t, 2048> buffer{};
  while (true) {
    std::array<pollfd, 2> wait = {pollfd{fd, POLLIN, 0}, pollfd{stop, POLLIN, 0}};
    ::poll(wait.data(), wait.size(), -1);
    if (wait[1].revents != 0) return;
    SocketAddress from;
    from.size = sizeof from.storage;
    const ssize_t n = ::recvfrom(fd, buffer.data(), buffer.size(), MSG_DONTWAIT, from.get(), &from.size);
    if (n <= 0) continue;
    Bytes answer(buffer.begin(), buffer.begin() + n);
    if (n >= 20 && answer[0] == 0 && answer[1] == 1) answer = CheckAnswer(answer[8]);
    ::sendto(fd, answer.data(), answer.size(), 0, from.get(), from.size);
  }
}

}  // namespace

Server::Server(const TestCgroup& cgroup, const std::string& address, uint16_t port) {
  std::array<int, 2> ready{}, stop{};
  Must(::pipe(ready.data()) == 0 && ::pipe(stop.data()) == 0, "pipe");
  child_ = Fork([&] {
    ::close(stop[1]);
    cgroup.Enter();
    SocketAddress at = AddressOf(address, port);
    const UniqueFd fd(::socket(at.storage.ss_family, SOCK_DGRAM, 0));
    Must(::bind(fd.get(), at.get(), at.size) == 0, "bind");
    const uint16_t bound = PortOf(fd.get());
    Must(::write(ready[1], &bound, sizeof bound) == sizeof bound, "write");
    Serve(fd.get(), stop[0]);
    return 0;
  });
  ::close(ready[1]);
  ::close(stop[0]);
  stop_.Reset(stop[1]);
  const UniqueFd bound(ready[0]);
  Must(::read(bound.get(), &port_, sizeof port_) == sizeof port_, "the server's port");
}

Server::~Server() {
  stop_.Reset();
  Await(child_);
}

Client::Client(const std::string& address, uint16_t port) {
  SocketAddress to = AddressOf(address, port);
  fd_.Reset(::socket(to.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const timeval timeout{.tv_sec = 5, .tv_usec = 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  Must(::connect(fd_.get(), to.get(), to.size) == 0, "connect");
  port_ = PortOf(fd_.get());
}

void Client::Send(const Bytes& payload) const {
  Must(::send(fd_.get(), payload.data(), payload.size(), 0) == static_cast<ssize_t>(payload.size()), "send");
}

Bytes Client::Receive() const {
  Bytes buffer(2048);
  const ssize_t n = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
  buffer.resize(n > 0 ? static_cast<size_t>(n) : 0);
  return buffer;
}

}  // namespace candor
