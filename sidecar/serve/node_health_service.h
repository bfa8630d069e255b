// SPDX-License-Identifier: Apache-2.0
//
// candor.v1.NodeHealth. Each answer comes from one snapshot; an invalid request gets INVALID_ARGUMENT with
// what is expected. Thread-safe.
#pragma once

#include <functional>
#include <mutex>

#include "candor/v1/node_health.grpc.pb.h"
#include "serve/serve_parts.h"
#include "status/stream_quota.h"
#include "status/watch_hub.h"

namespace candor {

class NodeHealthService final : public v1::NodeHealth::CallbackService {
 public:
  // `about`: the parts of Info that do not come from a snapshot (version, configuration, ports).
  // `largest_page`: the setting limits.page. `started`: the start of candord. The references outlive the
  // service.
  NodeHealthService(ServeParts parts, WatchHub& hub, StreamQuota& quota, uint32_t largest_page,
                    v1::Info about, BootTime started)
      : parts_(std::move(parts)),
        hub_(hub),
        quota_(quota),
        largest_page_(largest_page),
        started_(started),
        info_(std::move(about)) {}

  // For the parts that are known only after the start, or change at a reload.
  void UpdateInfo(const std::function<void(v1::Info&)>& change);

  grpc::ServerUnaryReactor* GetVerdict(grpc::CallbackServerContext* context,
                                       const v1::GetVerdictRequest* request, v1::Verdict* response) override;
  grpc::ServerWriteReactor<v1::Verdict>* WatchVerdict(grpc::CallbackServerContext* context,
                                                      const v1::WatchVerdictRequest* request) override;
  grpc::ServerUnaryReactor* Probe(grpc::CallbackServerContext* context, const v1::ProbeRequest* request,
                                  v1::ProbeResponse* response) override;
  grpc::ServerUnaryReactor* ListTransitions(grpc::CallbackServerContext* context,
                                            const v1::ListTransitionsRequest* request,
                                            v1::ListTransitionsResponse* response) override;
  grpc::ServerUnaryReactor* ReportSelf(grpc::CallbackServerContext* context,
                                       const v1::ReportSelfRequest* request,
                                       v1::ReportSelfResponse* response) override;
  grpc::ServerUnaryReactor* ListAttempts(grpc::CallbackServerContext* context,
                                         const v1::ListAttemptsRequest* request,
                                         v1::ListAttemptsResponse* response) override;
  grpc::ServerUnaryReactor* ListFlows(grpc::CallbackServerContext* context,
                                      const v1::ListFlowsRequest* request,
                                      v1::ListFlowsResponse* response) override;
  grpc::ServerUnaryReactor* GetInfo(grpc::CallbackServerContext* context, const v1::GetInfoRequest* request,
                                    v1::Info* response) override;

 private:
  const ServeParts parts_;
  WatchHub& hub_;
  StreamQuota& quota_;
  const uint32_t largest_page_;
  const BootTime started_;
  std::mutex info_mutex_;
  v1::Info info_;
};

}  // namespace candor
