// SPDX-License-Identifier: Apache-2.0
//
// grpc.health.v1: Check, Watch and List. Not the library's (1.51), which answers SERVING before there is
// evidence, has no List, and blocks every Check while it notifies watchers. Thread-safe.
#pragma once

#include "grpc/health/v1/health.grpc.pb.h"
#include "status/snapshot_store.h"
#include "status/stream_quota.h"
#include "status/watch_hub.h"

namespace candor {

class HealthService final : public grpc::health::v1::Health::CallbackService {
 public:
  // All outlive the service.
  HealthService(const SnapshotStore& snapshots, WatchHub& hub, StreamQuota& quota)
      : snapshots_(snapshots), hub_(hub), quota_(quota) {}

  // NOT_FOUND for an unknown name, with the known ones.
  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                  const grpc::health::v1::HealthCheckRequest* request,
                                  grpc::health::v1::HealthCheckResponse* response) override;
  // The current status and every change. For an unknown name SERVICE_UNKNOWN, and the stream stays open, as
  // the protocol demands. RESOURCE_EXHAUSTED beyond the quota.
  grpc::ServerWriteReactor<grpc::health::v1::HealthCheckResponse>* Watch(
      grpc::CallbackServerContext* context, const grpc::health::v1::HealthCheckRequest* request) override;
  grpc::ServerUnaryReactor* List(grpc::CallbackServerContext* context,
                                 const grpc::health::v1::HealthListRequest* request,
                                 grpc::health::v1::HealthListResponse* response) override;

 private:
  const SnapshotStore& snapshots_;
  WatchHub& hub_;
  StreamQuota& quota_;
};

}  // namespace candor
