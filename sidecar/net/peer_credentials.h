// SPDX-License-Identifier: Apache-2.0
//
// The process at the other end of a connection, and what kind of connection it is. Thread-safe.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace candor {

// Of a unix socket's peer at the time of connect(2) (SO_PEERCRED, unix(7)).
struct PeerCredentials {
  pid_t pid = 0;
  uid_t uid = 0;
  gid_t gid = 0;
  std::string Text() const;  // "root (uid 0, pid 4711)"; reads the system's user database
};

Result<PeerCredentials> ReadPeerCredentials(int unix_socket);

// Of a peer as gRPC names it ("unix:", "fd:17", "ipv4:127.0.0.1:4711", "ipv6:%5B::1%5D:4711"): whether it is
// connected through a unix socket, or from a loopback address. Pure.
bool IsUnixPeer(std::string_view peer);
bool IsLoopbackPeer(std::string_view peer);

}  // namespace candor
