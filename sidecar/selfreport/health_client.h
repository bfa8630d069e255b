// SPDX-License-Identifier: Apache-2.0
//
// A client of the node's own health endpoint: http_health_client.h, and serve/grpc_health_client.h for gRPC.
// Tested in tests/selfreport/http_health_client_test.cc.
#pragma once

#include <string>

#include "base/time.h"
#include "selfreport/self_report.h"

namespace candor {

struct HealthCheckResult {
  SelfAnswer answer = SelfAnswer::kPending;
  std::string detail;  // as SelfReport::detail
};

class HealthClient {
 public:
  virtual ~HealthClient() = default;

  // One check; blocks until its answer, `timeout` or Cancel(). By one thread only. After Cancel() the result
  // has no meaning.
  virtual HealthCheckResult Check(Duration timeout) = 0;

  // From any thread: the check in progress and every later one return at once.
  virtual void Cancel() = 0;
};

}  // namespace candor
