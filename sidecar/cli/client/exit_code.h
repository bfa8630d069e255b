// SPDX-License-Identifier: Apache-2.0
//
// Exit codes of candorctl. 0 to 4 are those of grpc_health_probe, so `candorctl probe` can replace it in exec
// checks; the other commands use the same meanings.
// Tested in tests/cli/candorctl_test.cc.
#pragma once

namespace candor::cli {

enum ExitCode : int {
  kExitOk = 0,
  kExitArguments = 1,     // bad arguments; no call was made
  kExitConnect = 2,       // no connection to the address within the timeout
  kExitRpc = 3,           // connected, and the call failed
  kExitNotServing = 4,    // the answer is "not serving" (probe)
  kExitTimeUp = 5,        // the time limit ran out (watch --for)
  kExitFindings = 6,      // a check of the host or of candord failed (doctor)
  kExitNotConfirmed = 7,  // an override was sent, and it is not known to be in force (drain, override, ...)
  kExitOutput = 8,        // the output could not be written: full disk, closed pipe
};

}  // namespace candor::cli
