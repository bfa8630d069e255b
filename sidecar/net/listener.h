// SPDX-License-Identifier: Apache-2.0
//
// Listening sockets, TCP and unix.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "net/listen_address.h"

namespace candor {

// The file of a bound unix socket. Its destructor removes the file, unless another process has bound the path
// since: the inode is another one then.
class SocketFile {
 public:
  SocketFile() = default;  // no file
  SocketFile(std::string path, ino_t inode) : path_(std::move(path)), inode_(inode) {}
  ~SocketFile() { Remove(); }
  SocketFile(SocketFile&& other) noexcept : path_(std::exchange(other.path_, {})), inode_(other.inode_) {}
  SocketFile& operator=(SocketFile&&) = delete;

  void Remove();  // idempotent

 private:
  std::string path_;
  ino_t inode_ = 0;
};

struct Listener {
  UniqueFd fd;       // non-blocking, close-on-exec
  std::string text;  // as configured, with the port that was opened where 0 was asked for
  bool is_unix = false;
  SocketFile file = {};  // unix only
};

// Listens on "127.0.0.1:7461", "[::1]:7461" or "unix:/run/candor/http.sock". A name that stands for several
// addresses (localhost) gives one listener for each that this machine has. A unix socket without a listening
// process is replaced. The error names the address and the remedy. Resolves host names, so it may block.
Result<std::vector<Listener>> Listen(const std::string& text, int unix_mode);

// The same without CheckFree(): a unix socket is replaced even when a process listens on it. `share`: other
// processes may listen on the same TCP port (SO_REUSEPORT); the kernel distributes connections among them.
Result<std::vector<Listener>> ListenOn(const ListenAddress& address, int unix_mode, bool share);

}  // namespace candor
