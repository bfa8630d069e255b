// SPDX-License-Identifier: Apache-2.0
//
// How candord ends; --help says the same.
#pragma once

namespace candor::daemon {

inline constexpr int kExitClean = 0;    // stopped by SIGTERM or SIGINT, or only asked for a text
inline constexpr int kExitUsage = 1;    // wrong arguments or configuration
inline constexpr int kExitServe = 2;    // an address cannot be served
inline constexpr int kExitStopped = 3;  // the stop took too long and was cut short
inline constexpr int kExitStalled = 4;  // the pipeline stood still and the watchdog ended it

}  // namespace candor::daemon
