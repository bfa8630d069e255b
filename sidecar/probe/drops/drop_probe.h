// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.h"
#include "probe/drops/drop_reader.h"
#include "probe/load/executor.h"
#include "probe/probe_options.h"

namespace candor {

// Loads bpf/drops.bpf.c and attaches it; it leaves the kernel with the reader. Needs CAP_BPF and CAP_PERFMON,
// the reader itself nothing. May hang for ever inside the kernel, as every load.
LoadedDrops LoadDropProbe(const ProbeOptions& options);

// The same for those who cannot wait for ever: loads through `run`, and waits for `timeout`; what comes
// later is LoadedDrops::late. Says so where the options do not want it.
LoadedDrops AwaitDropProbe(const ProbeOptions& options, Duration timeout,
                           const Executor& run = ThreadForEach());

}  // namespace candor
