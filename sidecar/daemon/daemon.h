// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace candor::daemon {

// candord from its arguments to its exit code (exit_code.h). Call once, from main, before any thread runs.
int Run(int argc, const char* const* argv);

}  // namespace candor::daemon
