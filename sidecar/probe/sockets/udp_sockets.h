// SPDX-License-Identifier: Apache-2.0
//
// The UDP sockets of this process's network namespace with the cgroup that each belongs to. A socket belongs
// for ever to the cgroup in which its maker was when it called socket(2); no file in /proc has that.
//
// Source: sock_diag(7), net/ipv4/udp_diag.c, INET_DIAG_CGROUP_ID (Linux 5.9). Needs no right. Thread-safe.
// Tested in tests/probe/sockets/udp_sockets_test.cc.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace candor {

struct UdpSocket {
  uint64_t cgroup = 0;    // the inode of the cgroup's directory; 0: the kernel does not say
  uint32_t inode = 0;     // as in the links of /proc/PID/fd; 0: of the kernel itself (WireGuard, VXLAN)
  uint32_t uid = 0;       // of its maker
  uint16_t port = 0;      // local
  bool loopback = false;  // bound to a loopback address
};

// At most `most` sockets; more are an error, because a part of them proves nothing. An error too where the
// kernel has no udp_diag.
Result<std::vector<UdpSocket>> ReadUdpSockets(size_t most);

// Appends the sockets in one datagram of a netlink answer. True: more follow.
Result<bool> ParseUdpSockets(std::string_view datagram, std::vector<UdpSocket>* out);

}  // namespace candor
