// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/paths.h"

namespace candor::daemon {

// candord from its arguments to its exit code (exit_code.h). Call once, from main, before any thread runs.
int Run(int argc, const char* const* argv, const ServiceFolders& folders);

}  // namespace candor::daemon
