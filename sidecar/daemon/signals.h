// SPDX-License-Identifier: Apache-2.0
//
// Signals as values: blocked in all threads, received by the one that calls WaitForSignal().
// Tested in tests/daemon/candord_test.sh.
#pragma once

namespace candor::daemon {

enum class SignalRequest { kStop, kReload };

// Call before any thread is started: threads inherit the mask.
void BlockSignals();

// Blocks until SIGTERM or SIGINT (kStop) or SIGHUP (kReload).
SignalRequest WaitForSignal();

// Ends the process with `exit_code` if it has not ended within `seconds`.
void ExitWithin(unsigned seconds, int exit_code);

}  // namespace candor::daemon
