// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/probe_options.h"
#include "probe/probe_port.h"

namespace candor {

// Loads the BPF object (bpf/flow.bpf.c), sized by `options`, and attaches it. A port comes back when the
// load succeeded, even if the first attach did not. May hang for ever inside the kernel: call it on a thread
// that nobody waits for (DeadlineTask).
Loaded LoadKernelProbe(const ProbeOptions& options);

}  // namespace candor
