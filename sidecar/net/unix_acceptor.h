// SPDX-License-Identifier: Apache-2.0
//
// A unix socket that knows who came in. gRPC does not tell a service whose connection it is; this acceptor
// asks the kernel for the peer's credentials and hands the descriptor to the server. Who may connect is
// decided by the mode of the socket's file and of its folder. Thread-safe.
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
  // On the acceptor's thread, with a non-blocking, close-on-exec descriptor that is the callee's from then
  // on.
  using OnConnection = std::function<void(int fd)>;

  // Listens on `path`; `mode` is set before anybody can connect. A socket left behind by a dead process is
  // replaced, and with `take_over` a living one's: that keeps whom it has, and new ones come here.
  static Result<std::unique_ptr<UnixAcceptor>> Open(const std::string& path, int mode,
                                                    bool take_over = false);

  ~UnixAcceptor();  // Close()
  UnixAcceptor(const UnixAcceptor&) = delete;
  UnixAcceptor& operator=(const UnixAcceptor&) = delete;

  // Until then whoever comes waits.
  Result<void> Start(OnConnection on_connection, AcceptorThread::OnShortage trouble);
  // Nobody comes in from now on; removes the socket's file. Idempotent.
  void Close();

  // Of a peer as gRPC names it, "fd:17". A descriptor's number is used again after its connection ended, so
  // this holds for calls that somebody still waits for.
  std::string DescribePeer(const std::string& peer) const;

 private:
  explicit UnixAcceptor(std::vector<Listener> listeners) : listeners_(std::move(listeners)) {}
  void OnAccept(int fd);

  std::vector<Listener> listeners_;  // one, until it is started
  OnConnection on_connection_;
  mutable std::mutex mutex_;
  std::map<int, PeerCredentials> peers_;      // by descriptor; bounded by how many there can be
  std::unique_ptr<AcceptorThread> acceptor_;  // last: its thread uses all of the above
};

}  // namespace candor
