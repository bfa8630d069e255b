// SPDX-License-Identifier: Apache-2.0
//
// A connection to one candord and calls with a deadline. Not thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>

#include "candor/v1/admin.grpc.pb.h"
#include "candor/v1/node_health.grpc.pb.h"
#include "cli/client/answer.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace candor::cli {

namespace pb = candor::v1;

// HOST:PORT, [V6]:PORT or unix:PATH.
bool IsAddress(std::string_view address);

class Client {
 public:
  // Connects before it returns, so that kExitConnect and kExitRpc stay apart. A refused connection fails at
  // once; an unanswered one after `timeout`, which also bounds each later call.
  static Answer<Client> Connect(const std::string& address, std::chrono::milliseconds timeout,
                                const TlsFiles& tls = {});

  // Answer<pb::Verdict> v = client.Call(&pb::NodeHealth::Stub::GetVerdict, pb::GetVerdictRequest());
  template <class Stub, class Request, class Response>
  Answer<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                        const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + timeout_);
    Response response;
    const grpc::Status status = (stub<Stub>().*method)(&context, request, &response);
    if (!status.ok()) return tl::make_unexpected(Explain(status));
    return response;
  }

  // Of NodeHealth, Health or Admin; valid as long as this client.
  template <class Stub>
  Stub& stub() const {
    return *std::get<std::unique_ptr<Stub>>(stubs_);
  }
  const std::string& address() const { return address_; }
  Failure Explain(const grpc::Status& status) const;

 private:
  bool IsHealthOnly() const;
  Client(std::string address, std::chrono::milliseconds timeout,
         const std::shared_ptr<grpc::Channel>& channel);

  std::string address_;
  std::chrono::milliseconds timeout_;
  std::tuple<std::unique_ptr<pb::NodeHealth::Stub>, std::unique_ptr<grpc::health::v1::Health::Stub>,
             std::unique_ptr<pb::Admin::Stub>>
      stubs_;
};

}  // namespace candor::cli
