// SPDX-License-Identifier: Apache-2.0
#include "serve/health_service.h"

#include <string>

#include "serve/reply.h"
#include "serve/stream_watcher.h"
#include "status/health_names.h"

namespace candor {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using grpc::health::v1::HealthListRequest;
using grpc::health::v1::HealthListResponse;

HealthCheckResponse::ServingStatus StatusOf(const std::string& name, const Snapshot& snapshot) {
  const std::optional<bool> serving = IsServing(name, snapshot);
  if (!serving) return HealthCheckResponse::SERVICE_UNKNOWN;
  return *serving ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
}

class HealthWatcher final : public StreamWatcher<HealthCheckResponse> {
 public:
  HealthWatcher(std::string name, std::unique_ptr<StreamQuota::Ticket> ticket)
      : StreamWatcher(std::nullopt, std::move(ticket)), name_(std::move(name)) {}

 private:
  bool Next(const Snapshot& snapshot, bool, HealthCheckResponse* message) override {
    const auto status = StatusOf(name_, snapshot);
    if (last_sent_ == status) return false;
    last_sent_ = status;
    message->set_status(status);
    return true;
  }

  const std::string name_;
  std::optional<HealthCheckResponse::ServingStatus> last_sent_;
};

}  // namespace

grpc::ServerUnaryReactor* HealthService::Check(grpc::CallbackServerContext* context,
                                               const HealthCheckRequest* request,
                                               HealthCheckResponse* response) {
  const SnapshotPtr snapshot = snapshots_.Read();
  const auto status = StatusOf(request->service(), *snapshot);
  if (status == HealthCheckResponse::SERVICE_UNKNOWN) {
    return Reply(context,
                 {grpc::StatusCode::NOT_FOUND, UnknownServiceMessage(request->service(), *snapshot)});
  }
  response->set_status(status);
  return Reply(context, grpc::Status::OK);
}

grpc::ServerWriteReactor<HealthCheckResponse>* HealthService::Watch(grpc::CallbackServerContext* context,
                                                                    const HealthCheckRequest* request) {
  auto ticket = quota_.Acquire(context->peer());
  if (!ticket) {
    return new RefusedStream<HealthCheckResponse>(
        {grpc::StatusCode::RESOURCE_EXHAUSTED, ticket.error().message});
  }
  return HealthWatcher::Start(std::make_shared<HealthWatcher>(request->service(), std::move(*ticket)), &hub_);
}

grpc::ServerUnaryReactor* HealthService::List(grpc::CallbackServerContext* context, const HealthListRequest*,
                                              HealthListResponse* response) {
  const SnapshotPtr snapshot = snapshots_.Read();
  for (const std::string& name : HealthServiceNames(*snapshot)) {
    (*response->mutable_statuses())[name].set_status(StatusOf(name, *snapshot));
  }
  return Reply(context, grpc::Status::OK);
}

}  // namespace candor
