// SPDX-License-Identifier: Apache-2.0
//
// Sockets that listen, TCP and unix.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "net/listen_address.h"

namespace candor {

struct Listener {
  UniqueFd fd;       // non-blocking, close-on-exec
  std::string text;  // as configured, with the port that was really opened where 0 was asked for
  std::string path;  // unix only: to be removed when it no longer listens
  ino_t file = 0;    // unix only: what stood at `path` when it was bound
};

// Removes the file of a unix socket that no longer listens, unless another candord's has taken its place.
void RemoveSocketFile(const std::string& path, ino_t file);

// Listens on "127.0.0.1:7461", "[::1]:7461" or "unix:/run/candor/http.sock". A name that stands for several
// addresses (localhost) gives one listener for each that this machine has. A unix socket that a dead
// process left is replaced, a living one is not. The error names the address and what to do. Resolves host
// names, so it may block.
Result<std::vector<Listener>> Listen(const std::string& text, int unix_mode);

// The same for an address of which the caller has seen that it may be taken: a unix socket is replaced,
// whoever listens there. `share`: another process that shares it too may hold the TCP port (SO_REUSEPORT);
// the system deals connections out between them.
Result<std::vector<Listener>> ListenOn(const ListenAddress& address, int unix_mode, bool share);

}  // namespace candor
