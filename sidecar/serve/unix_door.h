// SPDX-License-Identifier: Apache-2.0
//
// A unix socket that knows who came in. gRPC's own listener does not tell a service whose connection it is;
// this one accepts, asks the kernel for the peer's credentials and hands the descriptor to the server. Who
// may connect is decided by the mode of the socket's file and of its folder. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.h"
#include "base/unique_fd.h"
#include "serve/who.h"

namespace candor {

class UnixDoor {
 public:
  // Called on the door's thread with a non-blocking, close-on-exec descriptor that is the callee's from then
  // on.
  using OnConnection = std::function<void(int fd)>;

  // Listens on `path`; `mode` is set before anybody can connect. A socket left behind by a dead process is
  // replaced, and with `take_over` a living one's: that keeps whom it has, and new ones come here.
  static Result<std::unique_ptr<UnixDoor>> Open(const std::string& path, mode_t mode, bool take_over = false);
  ~UnixDoor();  // Close()
  UnixDoor(const UnixDoor&) = delete;
  UnixDoor& operator=(const UnixDoor&) = delete;

  void Start(OnConnection on_connection);
  // Nobody comes in from now on; removes the socket's file. Idempotent.
  void Close();

  // Of a peer as gRPC names it, "fd:17". A descriptor's number is used again after its connection ended, so
  // this holds for calls that somebody still waits for.
  std::string WhoIs(const std::string& peer) const;

 private:
  UnixDoor(std::string path, ino_t file, UniqueFd listening, UniqueFd stop)
      : path_(std::move(path)), file_(file), listening_(std::move(listening)), stop_(std::move(stop)) {}
  void Run();
  void Accept();

  const std::string path_;
  const ino_t file_;  // what stood at path_ when we had bound it; somebody may have taken its place
  UniqueFd listening_;
  UniqueFd stop_;  // an eventfd
  OnConnection on_connection_;
  mutable std::mutex mutex_;
  std::map<int, Caller> callers_;  // by descriptor; bounded by how many there can be
  std::thread thread_;
};

}  // namespace candor
