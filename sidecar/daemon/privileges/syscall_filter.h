// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

namespace candor::daemon {

struct SyscallFilter {
  bool attach = false;        // bpf(2) may attach and pin, besides reading maps
  bool run_programs = false;  // the hook of on_transition; the program inherits the filter
};

// The calling thread, and every thread and program that it starts, can make only the system calls that
// candord needs from here on; all others fail with EPERM. Cannot be undone. Call it few times: freeing many
// filters is slow on Linux 6.18.
Result<void> FilterSyscalls(const SyscallFilter& filter);

}  // namespace candor::daemon
