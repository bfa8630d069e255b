// SPDX-License-Identifier: Apache-2.0
//
// Signals as values: blocked everywhere, taken by one thread that waits for them.
#pragma once

namespace candor::daemon {

enum class SignalRequest { kStop, kReload };

// Call before any thread is started: threads inherit the mask.
void BlockSignals();

// Blocks until SIGTERM or SIGINT (kStop) or SIGHUP (kReload).
SignalRequest WaitForSignal();

// From now on the process has `seconds` to end; then it is ended with `exit_code`.
void ExitWithin(unsigned seconds, int exit_code);

}  // namespace candor::daemon
