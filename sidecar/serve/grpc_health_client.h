// SPDX-License-Identifier: Apache-2.0
//
// The self-report over grpc.health.v1 Check: SERVING is OK; any other answer, and a server that lacks the
// service or its name, is DOWN; no answer within the timeout is UNREACHABLE. Plaintext, no proxy whatever
// the environment says. In serve/ because this is the one room with gRPC.
#pragma once

#include <memory>

#include "base/result.h"
#include "selfreport/health_client.h"
#include "selfreport/self_report_options.h"

namespace candor {

std::unique_ptr<HealthClient> MakeGrpcHealthClient(const SelfReportOptions& options);

// The HealthClient of options.kind, null for none. Fails when Validate() does.
Result<std::unique_ptr<HealthClient>> MakeHealthClient(const SelfReportOptions& options);

}  // namespace candor
