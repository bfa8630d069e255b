// SPDX-License-Identifier: Apache-2.0
#include "sockets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>

namespace candor {
namespace {

constexpr int kReceiveBuffer = 4 << 20;

Result<UniqueFd> OpenNodeSocket(uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return FailErrno("cannot make a UDP socket", errno);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(0x0a620001);
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return FailErrno("cannot bind a UDP socket to 10.98.0.1", errno);
  }
  return fd;
}

Result<UniqueFd> OpenPacketSocket(const std::string& device) {
  UniqueFd fd(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!fd) return FailErrno("cannot make a packet socket", errno);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = static_cast<int>(::if_nametoindex(device.c_str()));
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return FailErrno("cannot bind a packet socket to " + device, errno);
  }
  return fd;
}

}  // namespace

Result<std::vector<UniqueFd>> OpenNodeSockets(uint32_t count) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  std::vector<UniqueFd> out;
  for (uint32_t i = 0; i < count; ++i) {
    auto fd = OpenNodeSocket(static_cast<uint16_t>(kNodePort + i));
    if (!fd) return tl::make_unexpected(fd.error());
    out.push_back(std::move(*fd));
  }
  return out;
}

Result<UniqueFd> OpenPeers(const std::string& path, const std::string& device) {
  const UniqueFd own(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  const UniqueFd theirs(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!own || !theirs) return FailErrno("cannot open " + path, errno);
  if (::setns(theirs.get(), CLONE_NEWNET) != 0) return FailErrno("cannot enter " + path, errno);
  auto fd = OpenPacketSocket(device);
  if (::setns(own.get(), CLONE_NEWNET) != 0) return FailErrno("cannot come back from " + path, errno);
  return fd;
}

}  // namespace candor
