// SPDX-License-Identifier: Apache-2.0
//
// What holds of any flow whatever packets come: the promises of bpf/abi.h and bpf/flow_step.h as checks.
// Each returns the law that is broken, empty when all hold. Pure.
#pragma once

#include <string>

#include "base/time.h"
#include "flow/flow.h"
#include "flow/flow_table.h"

namespace candor::fuzz {

// One state by itself, last touched at `now`.
std::string BrokenIn(const FlowState& flow, Time now);

// One packet's step from `before` to `after`; `told`: an event went out.
std::string BrokenBetween(const FlowState& before, const FlowState& after, bool told);

// Two looks at a table's counters, the earlier first.
std::string BrokenBetween(const Counters& before, const Counters& after);

}  // namespace candor::fuzz
