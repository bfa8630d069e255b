// SPDX-License-Identifier: Apache-2.0
//
// Local facts of one media server: what is asked for, and what was read. Values only.
// Tested in tests/pipeline/servers_test.cc.
#pragma once

#include <cstdint>

#include "facts/facts_request.h"
#include "facts/local_facts.h"

namespace candor {

struct ServerFactsRequest {
  uint32_t server = 0;  // as in AttemptEvent::server
  FactsRequest request;
};

struct ServerFacts {
  uint32_t server = 0;
  LocalFacts facts;
};

}  // namespace candor
