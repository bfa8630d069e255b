// SPDX-License-Identifier: Apache-2.0
//
// One gRPC server on its addresses. Candor accepts the connections and passes them to gRPC (see acceptor.h).
// Tested in tests/serve/server_test.cc.
#pragma once

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <memory>
#include <string>
#include <vector>

#include "net/acceptor_thread.h"
#include "net/listen_address.h"

namespace candor {

struct GrpcListener {
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<AcceptorThread> acceptor;  // stopped before the server; null without an address
  std::vector<std::string> listening;  // as configured, with the port that was opened where 0 was asked for
};

// Opens every address, or none, and starts the server that `builder` describes. Unix sockets are plaintext
// and get `unix_mode`; `tcp` is for the others. TCP ports are shared with other processes (SO_REUSEPORT), so
// that the next candord answers before this one stops. Without an address the caller brings the connections.
// Raises the process's limit of file descriptors to its maximum.
Result<GrpcListener> ListenGrpc(grpc::ServerBuilder& builder, const std::vector<ListenAddress>& addresses,
                                int unix_mode, const std::shared_ptr<grpc::ServerCredentials>& tcp,
                                const ShortageLog& log);

}  // namespace candor
