// SPDX-License-Identifier: Apache-2.0
//
// The packets that took the fast path (bpf/fast_path.h), which no interface of Candor shows.
#pragma once

#include "base/unique_fd.h"
#include "flow/counters.h"

namespace candor {

// By the counter of their kind, over all CPUs, of a map `cpus`.
Counters FastPathCounts(int cpus_map);

// The map `cpus` that was made last on this machine.
UniqueFd NewestCpusMap();

// Whether BPF_PROG_TEST_RUN shows these programs a packet's headers in place, as their hooks do on every
// kernel: Linux 6.18 does, 6.1 and 6.12 do not.
bool TestRunShowsHeaders();

}  // namespace candor
