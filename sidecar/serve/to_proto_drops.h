// SPDX-License-Identifier: Apache-2.0
//
// Drop reasons as candor.v1 messages. Pure.
#pragma once

#include <chrono>

#include "candor/v1/node_health.pb.h"
#include "flow/drop_reasons.h"

namespace candor {

// Only reasons that occurred. `to_wall` as in Snapshot.
v1::DropEvidence ToProto(const DropEvidence& drops, std::chrono::nanoseconds to_wall);

}  // namespace candor
