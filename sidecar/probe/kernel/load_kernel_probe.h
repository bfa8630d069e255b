// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/kernel/probe_handle.h"
#include "probe/load/executor.h"
#include "probe/pins/pin_store.h"
#include "probe/probe_options.h"

namespace candor {

// Takes over the objects that an earlier candord pinned, or loads bpf/flow.bpf.c, sized by `options`, and
// attaches it. Returns a probe when the objects are loaded, even if the first attach failed. May block for
// ever inside the kernel: call it through a DeadlineTask. `run` attaches again later; its threads need
// CAP_NET_ADMIN then, the user of the probe needs no capability. The objects in `store` are pinned again
// first; it may be null, otherwise it outlives the probe.
LoadResult LoadKernelProbe(const ProbeOptions& options, const Executor& run = ThreadForEach(),
                           PinStore* store = nullptr);

}  // namespace candor
