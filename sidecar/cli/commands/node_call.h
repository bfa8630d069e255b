// SPDX-License-Identifier: Apache-2.0
//
// Calls to the candord of a session. Tested in tests/cli/client/client_test.cc.
#pragma once

#include "cli/client/client.h"
#include "cli/commands/command.h"

namespace candor::cli {

inline Answer<Client> Connect(const Session& session) {
  return Client::Connect(session.address, session.timeout, session.tls);
}

// For the verdict of the session's server, or of the node.
inline pb::GetVerdictRequest VerdictRequestOf(const Session& session) {
  pb::GetVerdictRequest request;
  request.set_server(session.server);
  return request;
}

// Connects and makes one call.
template <class Stub, class Request, class Response>
Answer<Response> CallNode(const Session& session,
                          grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                          const Request& request = {}) {
  auto client = Connect(session);
  if (!client) return tl::make_unexpected(client.error());
  return client->Call(method, request);
}

// Writes the failure to the session's errors and returns its exit code.
inline int Report(Session& session, const Failure& failure) {
  session.err << "candorctl: " << failure.message << "\n";
  return failure.exit_code;
}

}  // namespace candor::cli
