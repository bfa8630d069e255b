// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.h"
#include "probe/drops/drop_reader.h"
#include "probe/load/executor.h"
#include "probe/probe_options.h"

namespace candor {

// Loads and attaches bpf/drops.bpf.c; it is unloaded with the reader. Needs CAP_BPF and CAP_PERFMON, the
// reader afterwards none. May block for ever inside the kernel, like every load.
LoadedDrops LoadDropProbe(const ProbeOptions& options);

// The same on a thread of `run`, waited for at most `timeout`; a later result comes through
// LoadedDrops::late. When the options disable it, nothing is loaded and `unavailable` has the reason.
LoadedDrops AwaitDropProbe(const ProbeOptions& options, Duration timeout,
                           const Executor& run = ThreadForEach());

}  // namespace candor
