// SPDX-License-Identifier: Apache-2.0
//
// The self-report over grpc.health.v1 Check: SERVING is OK; any other answer, and a server that lacks the
// service or its name, is DOWN; no answer within the timeout is UNREACHABLE. Plaintext; proxies of the
// environment are not used. Not in selfreport/, which has no gRPC.
#pragma once

#include <memory>

#include "base/result.h"
#include "selfreport/health_client.h"
#include "selfreport/self_report_options.h"

namespace candor {

std::unique_ptr<HealthClient> MakeGrpcHealthClient(const SelfReportOptions& options);

// The client for options.kind; null for kNone. Fails when Validate() does.
Result<std::unique_ptr<HealthClient>> MakeHealthClient(const SelfReportOptions& options);

}  // namespace candor
