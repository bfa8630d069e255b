// SPDX-License-Identifier: Apache-2.0
//
// What is kept of one media server on the node over all its attempts. Plain value.
// Tested in tests/attempt/server_totals_test.cc.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>

#include "attempt/attempt_counts.h"
#include "attempt/plain_calls.h"
#include "flow/flow_source.h"

namespace candor {

struct ServerTotals {
  AttemptCounts counts;
  NodeActivity activity;
  size_t open = 0;  // attempts that point here
  // What its plain calls are like. Null: the evaluator's own.
  std::unique_ptr<PlainCalls> calls;

  void Note(const FlowState& flow) {
    activity.last_in = std::max(activity.last_in, TimeFromNanos(flow.last_in_ns));
    activity.last_out = std::max(activity.last_out, TimeFromNanos(flow.last_out_ns));
  }
};

}  // namespace candor
