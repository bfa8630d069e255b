// SPDX-License-Identifier: Apache-2.0
//
// A SnapshotStore with a real server on a free port of loopback, and clients for it.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "candor/v1/node_health.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "serve/server.h"
#include "tests/status/snapshots.h"

namespace candor {

using HealthStub = grpc::health::v1::Health::Stub;
using HealthRequest = grpc::health::v1::HealthCheckRequest;
using HealthResponse = grpc::health::v1::HealthCheckResponse;
using HealthReader = std::unique_ptr<grpc::ClientReader<HealthResponse>>;

// A context with a deadline.
struct Call {
  grpc::ClientContext context;
  explicit Call(std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
    context.set_deadline(std::chrono::system_clock::now() + timeout);
  }
};

class Served : public testing::Test {
 protected:
  void SetUp() override { StartServer(ServeOptions{.grpc_listen = {"127.0.0.1:0"}}); }

  void StartServer(const ServeOptions& options, const DaemonInfo& about = {}) {
    server_.reset();
    auto started = Server::Start(options, {snapshots_, history_, self_reports_, clocks_}, about, hooks_);
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
    channel_ = NewChannel(server_->listening().front());
    health_ = grpc::health::v1::Health::NewStub(channel_);
    node_ = v1::NodeHealth::NewStub(channel_);
  }

  static std::shared_ptr<grpc::Channel> NewChannel(const std::string& target) {
    grpc::ChannelArguments args;
    args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), args);
  }

  grpc::Status Check(const std::string& name, HealthResponse* response) {
    Call call;
    HealthRequest request;
    request.set_service(name);
    return health_->Check(&call.context, request, response);
  }
  // The status of `name`; UNKNOWN, which the server never sends, for a failed call.
  HealthResponse::ServingStatus StatusOf(const std::string& name) {
    HealthResponse response;
    return Check(name, &response).ok() ? response.status() : HealthResponse::UNKNOWN;
  }
  HealthReader Watch(Call& call, const std::string& name) {
    HealthRequest request;
    request.set_service(name);
    return health_->Watch(&call.context, request);
  }
  static HealthResponse::ServingStatus Next(HealthReader& reader) {
    HealthResponse response;
    return reader->Read(&response) ? response.status() : HealthResponse::UNKNOWN;
  }

  // The time of operators' actions.
  WallTime wall_{std::chrono::seconds(1'780'402'000)};
  SnapshotStore snapshots_;
  History history_{100, [this] { return wall_; }};
  SelfReportAggregator self_reports_{false, PushFrom::kOff, std::chrono::seconds(10), {}};
  ServeClocks clocks_;
  DaemonHooks hooks_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<HealthStub> health_;
  std::unique_ptr<v1::NodeHealth::Stub> node_;
};

}  // namespace candor
