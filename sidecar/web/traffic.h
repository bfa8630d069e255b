// SPDX-License-Identifier: Apache-2.0
//
// Counts of the HTTP and agent ports, for /metrics. One thread. Tested in tests/web/pages_test.cc.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "net/connection_limiter.h"

namespace candor::web {

struct Traffic {
  ConnectionCounts http, agent;
  std::map<std::pair<std::string, int>, uint64_t> requests;  // by path, or "other", and status
};

}  // namespace candor::web
