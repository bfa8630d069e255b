// SPDX-License-Identifier: Apache-2.0
#include "serve/grpc_health_client.h"

#include <fmt/format.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <chrono>
#include <mutex>

#include "grpc/health/v1/health.grpc.pb.h"
#include "selfreport/http_health_client.h"

namespace candor {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

std::shared_ptr<grpc::Channel> MakeChannel(const SelfReportOptions& options) {
  const auto millis = [](Duration d) {
    return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(d).count());
  };
  const int backoff = std::clamp(millis(options.interval), 100, 1000);
  grpc::ChannelArguments args;
  // The library's default backoff grows to 2 minutes; a node that is up again has to be found at the next
  // check but one.
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, backoff);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, backoff);
  // Despite its name the timeout of one attempt to connect.
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, millis(options.timeout));
  args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(options.target, grpc::InsecureChannelCredentials(), args);
}

HealthCheckResult FromResponse(HealthCheckResponse::ServingStatus status) {
  const bool serving = status == HealthCheckResponse::SERVING;
  const std::string& name = HealthCheckResponse::ServingStatus_Name(status);
  return {serving ? SelfAnswer::kOk : SelfAnswer::kDown,
          name.empty() ? fmt::format("status {}", static_cast<int>(status)) : name};
}

HealthCheckResult FromFailure(const grpc::Status& status, const std::string& service) {
  switch (status.error_code()) {
    case grpc::StatusCode::NOT_FOUND:
      return {SelfAnswer::kDown, fmt::format("the node has no service \"{}\" (NOT_FOUND)", service)};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {SelfAnswer::kDown, "the node has no grpc.health.v1.Health service (UNIMPLEMENTED)"};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {SelfAnswer::kUnreachable, "no answer within the timeout (DEADLINE_EXCEEDED)"};
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:
      return {SelfAnswer::kUnreachable, status.error_message()};
    default:
      return {SelfAnswer::kDown, fmt::format("{} (gRPC code {})", status.error_message(),
                                             static_cast<int>(status.error_code()))};
  }
}

class GrpcHealthClient final : public HealthClient {
 public:
  explicit GrpcHealthClient(const SelfReportOptions& options)
      : service_(options.service), stub_(Health::NewStub(MakeChannel(options))) {}

  HealthCheckResult Check(Duration timeout) override {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::duration_cast<std::chrono::system_clock::duration>(timeout));
    if (!Hold(&context)) return {SelfAnswer::kUnreachable, "cancelled"};
    HealthCheckRequest request;
    request.set_service(service_);
    HealthCheckResponse response;
    const grpc::Status status = stub_->Check(&context, request, &response);
    Hold(nullptr);
    return status.ok() ? FromResponse(response.status()) : FromFailure(status, service_);
  }

  void Cancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (asking_ != nullptr) asking_->TryCancel();
  }

 private:
  // Makes `context` the one that Cancel() ends; false: Cancel() was called.
  bool Hold(grpc::ClientContext* context) {
    const std::lock_guard lock(mutex_);
    asking_ = cancelled_ ? nullptr : context;
    return !cancelled_;
  }

  const std::string service_;
  const std::unique_ptr<Health::Stub> stub_;
  std::mutex mutex_;
  grpc::ClientContext* asking_ = nullptr;
  bool cancelled_ = false;
};

}  // namespace

std::unique_ptr<HealthClient> MakeGrpcHealthClient(const SelfReportOptions& options) {
  return std::make_unique<GrpcHealthClient>(options);
}

Result<std::unique_ptr<HealthClient>> MakeHealthClient(const SelfReportOptions& options) {
  if (auto ok = Validate(options); !ok) return tl::make_unexpected(ok.error());
  switch (options.kind) {
    case SelfReportOptions::Kind::kNone:
      return nullptr;
    case SelfReportOptions::Kind::kHttp:
      return MakeHttpHealthClient(options.target);
    case SelfReportOptions::Kind::kGrpc:
      return MakeGrpcHealthClient(options);
  }
  return Fail("unknown kind of self-report");
}

}  // namespace candor
