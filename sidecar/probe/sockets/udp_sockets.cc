// SPDX-License-Identifier: Apache-2.0
#include "probe/sockets/udp_sockets.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.h"

namespace candor {
namespace {

constexpr size_t kDatagram = 32768;  // the kernel fills at most this much (netlink_dump)

bool IsLoopback(const inet_diag_msg& m) {
  if (m.idiag_family == AF_INET) return (ntohl(m.id.idiag_src[0]) >> 24) == IN_LOOPBACKNET;
  in6_addr address{};
  std::memcpy(&address, m.id.idiag_src, sizeof address);
  if (IN6_IS_ADDR_V4MAPPED(&address)) return (ntohl(m.id.idiag_src[3]) >> 24) == IN_LOOPBACKNET;
  return IN6_IS_ADDR_LOOPBACK(&address) != 0;
}

uint64_t CgroupOf(std::string_view attributes) {
  while (attributes.size() >= sizeof(rtattr)) {
    rtattr a{};
    std::memcpy(&a, attributes.data(), sizeof a);
    if (a.rta_len < sizeof a || a.rta_len > attributes.size()) return 0;
    if (a.rta_type == INET_DIAG_CGROUP_ID && a.rta_len >= sizeof a + sizeof(uint64_t)) {
      uint64_t id = 0;
      std::memcpy(&id, attributes.data() + sizeof a, sizeof id);
      return id;
    }
    attributes.remove_prefix(std::min<size_t>(RTA_ALIGN(a.rta_len), attributes.size()));
  }
  return 0;
}

Result<void> Ask(int fd, uint8_t family) {
  struct {
    nlmsghdr header;
    inet_diag_req_v2 request;
  } ask{};
  ask.header.nlmsg_len = sizeof ask;
  ask.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  ask.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  ask.request.sdiag_family = family;
  ask.request.sdiag_protocol = IPPROTO_UDP;
  ask.request.idiag_states = ~0u;
  if (::send(fd, &ask, sizeof ask, 0) < 0) return FailErrno("cannot ask for the UDP sockets", errno);
  return {};
}

Result<void> ReadFamily(int fd, uint8_t family, size_t most, std::vector<UdpSocket>* out) {
  if (auto asked = Ask(fd, family); !asked) return asked;
  std::array<char, kDatagram> buffer{};
  for (;;) {
    const ssize_t n = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FailErrno("cannot read the UDP sockets", errno);
    const auto more = ParseUdpSockets({buffer.data(), static_cast<size_t>(n)}, out);
    if (!more) return tl::make_unexpected(more.error());
    if (out->size() > most) return Fail("there are too many UDP sockets to examine");
    if (!*more) return {};
  }
}

}  // namespace

Result<bool> ParseUdpSockets(std::string_view datagram, std::vector<UdpSocket>* out) {
  while (datagram.size() >= sizeof(nlmsghdr)) {
    nlmsghdr h{};
    std::memcpy(&h, datagram.data(), sizeof h);
    if (h.nlmsg_len < sizeof h || h.nlmsg_len > datagram.size()) break;
    const std::string_view body = datagram.substr(sizeof h, h.nlmsg_len - sizeof h);
    if (h.nlmsg_type == NLMSG_DONE) return false;
    if (h.nlmsg_type == NLMSG_ERROR) {
      nlmsgerr e{};
      if (body.size() >= sizeof e.error) std::memcpy(&e.error, body.data(), sizeof e.error);
      return FailErrno("the kernel does not list UDP sockets", -e.error);
    }
    if (h.nlmsg_type == SOCK_DIAG_BY_FAMILY && body.size() >= sizeof(inet_diag_msg)) {
      inet_diag_msg m{};
      std::memcpy(&m, body.data(), sizeof m);
      out->push_back({CgroupOf(body.substr(sizeof m)), m.idiag_inode, m.idiag_uid, ntohs(m.id.idiag_sport),
                      IsLoopback(m)});
    }
    datagram.remove_prefix(std::min<size_t>(NLMSG_ALIGN(h.nlmsg_len), datagram.size()));
  }
  return datagram.empty() ? Result<bool>(true) : Fail("a cut answer about UDP sockets");
}

Result<std::vector<UdpSocket>> ReadUdpSockets(size_t most) {
  const UniqueFd fd(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!fd) return FailErrno("cannot open sock_diag", errno);
  const timeval patience{1, 0};  // the answer is made within the call; a lost one must not hold the caller
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::vector<UdpSocket> out;
  for (const uint8_t family : {uint8_t{AF_INET}, uint8_t{AF_INET6}}) {
    if (auto read = ReadFamily(fd.get(), family, most, &out); !read) return tl::make_unexpected(read.error());
  }
  return out;
}

}  // namespace candor
