// SPDX-License-Identifier: Apache-2.0
//
// Calls to the candord of a session. Tested in tests/cli/client/client_test.cc.
#pragma once

#include <optional>

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

// A candord of before there were servers does not read the field `server`: it would answer for the whole
// node, and nobody would notice. Asked once, before the command: its exit code where the answer is of no
// server. Where no answer comes, the command says so.
inline std::optional<int> RefuseNodeWithoutServers(Session& session) {
  if (session.server.empty()) return std::nullopt;
  const auto verdict = CallNode(session, &pb::NodeHealth::Stub::GetVerdict, VerdictRequestOf(session));
  if (!verdict || !verdict->server().empty()) return std::nullopt;
  session.err
      << "candorctl: candord at " << session.address
      << " does not know media servers, for it is of an older version: it answers for the whole node alone. "
         "Update it, or leave out --server\n";
  return kExitRpc;
}

// Writes the failure to the session's errors and returns its exit code.
inline int Report(Session& session, const Failure& failure) {
  session.err << "candorctl: " << failure.message << "\n";
  return failure.exit_code;
}

}  // namespace candor::cli
