// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/daemon/candord_test.sh.
#pragma once

#include "daemon/paths.h"

namespace candor::daemon {

// Runs candord and returns its exit code (exit_code.h). Call once, from main, before any thread is started.
int Run(int argc, const char* const* argv, const ServiceFolders& folders);

}  // namespace candor::daemon
