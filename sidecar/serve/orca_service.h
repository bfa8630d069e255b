// SPDX-License-Identifier: Apache-2.0
//
// xds.service.orca.v3: out-of-band load reports, for clients that weigh their backends (gRFC A51, A58):
// weight = qps / (utilization + eps / qps). Thread-safe.
//
//   HEALTHY, DRAINING  the real load     DEGRADED  the real load with its failures
//   PROBATION          eps = 19 qps: about a twentieth of the weight
//   FAILING            eps = qps
//   UNKNOWN, BLIND     no report: clients then use the average weight
#pragma once

#include <optional>

#include "status/load_meter.h"
#include "status/snapshot_store.h"
#include "status/stream_quota.h"
#include "status/watch_hub.h"
#include "xds/service/orca/v3/orca.grpc.pb.h"

namespace candor {

// nullopt: no report. Pure.
std::optional<xds::data::orca::v3::OrcaLoadReport> OrcaReport(State state, const Load& load);

class OrcaService final : public xds::service::orca::v3::OpenRcaService::CallbackService {
 public:
  // Both outlive the service.
  OrcaService(WatchHub& hub, StreamQuota& quota) : hub_(hub), quota_(quota) {}

  // At every report_interval (1 s to 1 h; 10 s when it is absent) and when the state changes.
  grpc::ServerWriteReactor<xds::data::orca::v3::OrcaLoadReport>* StreamCoreMetrics(
      grpc::CallbackServerContext* context,
      const xds::service::orca::v3::OrcaLoadReportRequest* request) override;

 private:
  WatchHub& hub_;
  StreamQuota& quota_;
  LoadMeter meter_;
};

}  // namespace candor
