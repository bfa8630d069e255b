// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.h"
#include "probe/load/executor.h"
#include "probe/probe_options.h"
#include "probe/sessions/session_reader.h"

// Tested in tests/probe/sessions/session_probe_test.cc; AwaitSessionProbe in session_counter_test.cc.
namespace candor {

// Loads and attaches bpf/sessions.bpf.c; it is unloaded with the reader. Needs CAP_BPF and CAP_PERFMON, the
// reader afterwards none. May block for ever inside the kernel, like every load.
LoadedSessions LoadSessionProbe();

// The same on a thread of `run`, waited for at most `timeout`; a later result comes through
// LoadedSessions::late. When the options disable it, nothing is loaded and `unavailable` has the reason.
LoadedSessions AwaitSessionProbe(const ProbeOptions& options, Duration timeout,
                                 const Executor& run = ThreadForEach());

}  // namespace candor
