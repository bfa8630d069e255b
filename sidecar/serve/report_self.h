// SPDX-License-Identifier: Apache-2.0
//
// NodeHealth.ReportSelf: checks the sender and the request, and passes the report on.
#pragma once

#include <grpcpp/support/status.h>

#include <chrono>
#include <string_view>

#include "base/time.h"
#include "candor/v1/node_health.pb.h"
#include "status/self_report_aggregator.h"

namespace candor {

// `peer`: grpc::ServerContext::peer(); `now` as in SelfReportAggregator.
grpc::Status AcceptSelfReport(SelfReportAggregator& self_reports, std::string_view peer,
                              const v1::ReportSelfRequest& request, Time now,
                              std::chrono::system_clock::time_point wall, v1::ReportSelfResponse* response);

}  // namespace candor
