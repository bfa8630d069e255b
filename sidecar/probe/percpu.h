// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "flow/counters.h"
#include "flow/flow_source.h"

namespace candor {

// Sums over all possible CPUs of the one-element per-CPU arrays `counters` and `activity`, by descriptor.
Result<Counters> ReadCountersOf(int fd);
Result<NodeActivity> ReadActivityOf(int fd);  // the latest of any CPU

}  // namespace candor
