// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <iostream>

#include "daemon/privileges/capabilities.h"
#include "daemon/privileges/syscall_filter.h"

namespace candor::daemon {

// Leaves this process what candord's own threads have: no capability, and the filter of system calls of the
// default configuration. Before there are other threads; ends the process with 2 where that fails.
inline void ConfineOrExit() {
  auto confined = LimitCapabilities(0);
  if (confined) confined = FilterSyscalls({.attach = false, .run_programs = false});
  if (confined) return;
  std::cerr << confined.error().message << "\n";
  std::exit(2);
}

}  // namespace candor::daemon
