// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

namespace candor::daemon {

struct SyscallFilter {
  bool attach = false;        // bpf() may attach and pin, beside reading maps
  bool run_programs = false;  // the hook of on_transition; the program inherits the filter
};

// From here on the calling thread, and every thread and program that it starts, may make only the system
// calls that candord needs; any other fails with EPERM, which never harms media. Never undone. Never call it
// often: see what freeing many filters does to Linux 6.18.
Result<void> FilterSyscalls(const SyscallFilter& filter);

}  // namespace candor::daemon
