// SPDX-License-Identifier: Apache-2.0
//
// Accepts the connections of one unix socket and keeps the credentials of their peers (SO_PEERCRED), which
// gRPC 1.51 does not pass to a service. The modes of the socket's file and of its folder decide who may
// connect. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "net/acceptor_thread.h"
#include "net/peer_credentials.h"

namespace candor {

class UnixAcceptor {
 public:
  // On the acceptor's thread, with a non-blocking, close-on-exec descriptor that the callee owns.
  using OnConnection = std::function<void(int fd)>;

  // Listens on `path`; `mode` is set before a client can connect. A socket without a listening process is
  // replaced; with `take_over` any socket is: the other process keeps the connections that it has.
  static Result<std::unique_ptr<UnixAcceptor>> Open(const std::string& path, int mode, bool take_over,
                                                    ShortageLog log);

  // Until then connections wait in the backlog. To be called once.
  void Start(OnConnection on_connection);
  // Accepts no further connection and removes the socket's file. Idempotent.
  void Close() { thread_->Stop(); }

  // "root (uid 0, pid 4711)", of a peer as gRPC names it: "fd:17". The kernel reuses a descriptor's number
  // after its connection has ended, so this holds only while the call of that peer is in progress.
  std::string DescribePeer(const std::string& peer) const;

 private:
  UnixAcceptor() = default;
  void Accept(UniqueFd connection);

  OnConnection on_connection_;
  mutable std::mutex mutex_;
  std::map<int, PeerCredentials> peers_;    // by descriptor; bounded by the process's limit of descriptors
  std::unique_ptr<AcceptorThread> thread_;  // last: it uses all of the above
};

}  // namespace candor
