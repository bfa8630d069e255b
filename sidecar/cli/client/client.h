// SPDX-License-Identifier: Apache-2.0
//
// A connection to one candord and calls with a deadline. Not thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "candor/v1/admin.grpc.pb.h"
#include "candor/v1/node_health.grpc.pb.h"
#include "cli/commands/command.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace candor::cli {

namespace pb = candor::v1;

// Why a command ends early: the exit code and a sentence with the address and the remediation. Printable.
struct Failure {
  int exit_code = kExitRpc;
  std::string message;
  bool maybe_received = false;  // the call may have had its effect: the answer did not come
  std::string reason = {};      // of kExitConnect: why, without the address
};

template <class T>
using Answer = tl::expected<T, Failure>;

// HOST:PORT, [V6]:PORT or unix:PATH.
bool IsAddress(std::string_view address);

class Client {
 public:
  // Connects now, so that "nobody there" and "the call failed" stay apart. A refused connection fails at
  // once; a silent one after `timeout`, which also bounds each later call.
  static Answer<Client> Connect(const std::string& address, std::chrono::milliseconds timeout,
                                const TlsFiles& tls = {});

  // Answer<pb::Verdict> v = client.Call(&pb::NodeHealth::Stub::GetVerdict, pb::GetVerdictRequest());
  template <class Request, class Response>
  Answer<Response> Call(grpc::Status (pb::NodeHealth::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                     Response*),
                        const Request& request) {
    return Call(*node_, method, request);
  }
  template <class Request, class Response>
  Answer<Response> Call(grpc::Status (grpc::health::v1::Health::Stub::*method)(grpc::ClientContext*,
                                                                               const Request&, Response*),
                        const Request& request) {
    return Call(*health_, method, request);
  }

  template <class Request, class Response>
  Answer<Response> Call(grpc::Status (pb::Admin::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                Response*),
                        const Request& request) {
    return Call(*admin_, method, request);
  }

  pb::NodeHealth::Stub& node() { return *node_; }
  const std::string& address() const { return address_; }
  Failure Explain(const grpc::Status& status) const;

 private:
  bool IsHealthOnly() const;
  Client(std::string address, std::chrono::milliseconds timeout,
         const std::shared_ptr<grpc::Channel>& channel);

  template <class Stub, class Request, class Response>
  Answer<Response> Call(Stub& stub,
                        grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                        const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + timeout_);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return tl::make_unexpected(Explain(status));
    return response;
  }

  std::string address_;
  std::chrono::milliseconds timeout_;
  std::unique_ptr<pb::NodeHealth::Stub> node_;
  std::unique_ptr<grpc::health::v1::Health::Stub> health_;
  std::unique_ptr<pb::Admin::Stub> admin_;
};

Answer<Client> Connect(const Session& session);

// Writes the failure to the session's errors and returns its exit code.
int Report(Session& session, const Failure& failure);

}  // namespace candor::cli
