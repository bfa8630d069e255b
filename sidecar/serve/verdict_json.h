// SPDX-License-Identifier: Apache-2.0
//
// candor.v1.Verdict as one line of JSON, for programs without gRPC. Tested in tests/web/pages_test.cc.
#pragma once

#include <string>

#include "status/snapshot_store.h"

namespace candor {

// proto3 JSON (64-bit integers are strings) with the proto's field names and every primitive field present:
// the text that `candorctl status -o json` prints. Pure.
std::string VerdictJson(const Snapshot& snapshot);

}  // namespace candor
