// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "flow/counters.h"
#include "flow/flow_source.h"

namespace candor {

// The one-element per-CPU array `cpus` (struct candor_cpu) by descriptor, over all possible CPUs.
// Thread-safe.
// Tested in tests/bpf/program_test.cc.
Result<Counters> ReadCountersOf(int fd);      // sums
Result<NodeActivity> ReadActivityOf(int fd);  // the latest of any CPU

}  // namespace candor
