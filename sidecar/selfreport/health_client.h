// SPDX-License-Identifier: Apache-2.0
//
// One way of asking the node. HTTP is here; gRPC's is in serve/, the only room that links gRPC.
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

  // Asks once and blocks until the answer is there, `timeout` has passed or Cancel() was called. Only one
  // thread asks. After Cancel() the answer means nothing.
  virtual HealthCheckResult Check(Duration timeout) = 0;

  // From any thread: the Check in progress, and every later one, returns at once.
  virtual void Cancel() = 0;
};

}  // namespace candor
