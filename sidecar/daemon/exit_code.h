// SPDX-License-Identifier: Apache-2.0
//
// Exit codes of candord, as its --help lists them.
// Tested in tests/daemon/candord_test.sh.
#pragma once

namespace candor::daemon {

inline constexpr int kExitClean = 0;    // SIGTERM or SIGINT, or a text was printed
inline constexpr int kExitUsage = 1;    // wrong arguments or configuration
inline constexpr int kExitServe = 2;    // an address cannot be served
inline constexpr int kExitStopped = 3;  // the stop took too long and was ended
inline constexpr int kExitStalled = 4;  // the pipeline stalled and the watchdog ended candord

}  // namespace candor::daemon
