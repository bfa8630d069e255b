// SPDX-License-Identifier: Apache-2.0
//
// One gRPC server on its addresses, opened all or none.
#pragma once

#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <vector>

#include "net/acceptor_thread.h"
#include "net/listen_address.h"
#include "serve/server.h"

namespace candor {

// An error names the address that is wrong, listed twice, or taken, and by what.
// `take_over`: they may be another candord's.
Result<std::vector<ListenAddress>> ParseAddresses(const std::vector<std::string>& texts,
                                                  bool take_over = false);

struct GrpcListener {
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<AcceptorThread> acceptor;  // goes before the server; null without an address
  std::vector<std::string> listening;  // as configured, with the port that was opened where 0 was asked for
};

// Unix sockets stay plaintext and get options.unix_mode; `tcp` is for the others. No address: a server whose
// connections somebody else brings. The services outlive it. `trouble` is the acceptor's.
Result<GrpcListener> ListenGrpc(const ServeOptions& options, const std::vector<ListenAddress>& addresses,
                                const std::shared_ptr<grpc::ServerCredentials>& tcp,
                                const std::vector<grpc::Service*>& services,
                                AcceptorThread::OnShortage trouble);

}  // namespace candor
