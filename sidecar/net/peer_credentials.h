// SPDX-License-Identifier: Apache-2.0
//
// Who is calling. Pure but for the system calls that ReadPeerCredentials and Text make.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace candor {

// The process at the other end of a unix socket, as it was when it connected (SO_PEERCRED, unix(7)).
struct PeerCredentials {
  pid_t pid = 0;
  uid_t uid = 0;
  gid_t gid = 0;
  std::string Text() const;  // "root (uid 0, pid 4711)"
};

Result<PeerCredentials> ReadPeerCredentials(int unix_socket);

// Of a peer as gRPC names it: whether it came through a unix socket, or from a loopback address.
bool IsUnixPeer(std::string_view peer);
bool IsLoopbackPeer(std::string_view peer);

}  // namespace candor
