// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/kernel/probe_handle.h"
#include "probe/load/executor.h"
#include "probe/pins/pin_store.h"
#include "probe/probe_options.h"

namespace candor {

// Takes over what an earlier candord pinned, or loads the BPF object (bpf/flow.bpf.c), sized by `options`,
// and attaches it. A port comes back when there are probes, even if the first attach did not succeed. May
// hang for ever inside the kernel: call it on a thread that nobody waits for (DeadlineTask). `run` attaches
// again later on; its thread needs CAP_NET_ADMIN for that, the caller of the port needs no capability. What
// `store` has is pinned again first; it may be null, else it outlives the port.
LoadResult LoadKernelProbe(const ProbeOptions& options, const Executor& run = ThreadForEach(),
                           PinStore* store = nullptr);

}  // namespace candor
