// SPDX-License-Identifier: Apache-2.0
//
// Invariants of a flow for any packets, as bpf/abi.h and bpf/flow_step.h state them. Each function returns
// the broken invariant, empty when all hold. Pure.
#pragma once

#include <string>

#include "base/time.h"
#include "flow/flow.h"
#include "flow/flow_table.h"

namespace candor::fuzz {

// One state by itself, last touched at `now`.
std::string BrokenIn(const FlowState& flow, Time now);

// One packet's step from `before` to `after`; `reported`: an event was sent.
std::string BrokenBetween(const FlowState& before, const FlowState& after, bool reported);

// Two readings of a table's counters, the earlier first.
std::string BrokenBetween(const Counters& before, const Counters& after);

}  // namespace candor::fuzz
