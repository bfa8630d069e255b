// SPDX-License-Identifier: Apache-2.0
//
// What candorctl's exit codes mean. 0 to 4 are those of grpc_health_probe, so that exec checks written for
// it can run `candorctl probe` unchanged; every other command keeps the same meanings.
#pragma once

namespace candor::cli {

enum ExitCode : int {
  kExitOk = 0,
  kExitArguments = 1,     // bad arguments, nothing was asked
  kExitConnect = 2,       // nobody answers at the address within the timeout
  kExitRpc = 3,           // somebody answers, and the call failed
  kExitNotServing = 4,    // the answer is "not serving" (probe)
  kExitTimeUp = 5,        // the time limit ran out (watch --for)
  kExitFindings = 6,      // something is wrong with the host or with candord's sight (doctor)
  kExitNotConfirmed = 7,  // an order was sent, and whether it holds is not known (drain, override, ...)
  kExitOutput = 8,        // the answer could not be written: a full disk, a closed pipe
};

}  // namespace candor::cli
