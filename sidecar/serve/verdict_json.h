// SPDX-License-Identifier: Apache-2.0
//
// A verdict for programs that speak no gRPC: the very message candor.v1.Verdict, as one line of JSON.
#pragma once

#include <string>

#include "status/snapshot_store.h"

namespace candor {

// proto3 JSON with the proto's own field names and every primitive field present; 64-bit integers are
// strings there, as proto3 JSON has it. The same text as `candorctl status --json` prints. Pure.
std::string VerdictJson(const Snapshot& snapshot);

}  // namespace candor
