// SPDX-License-Identifier: Apache-2.0
//
// Checks of a running candord from its GetInfo response. Pure; all texts Printable.
#pragma once

#include <vector>

#include "candor/v1/node_health.pb.h"
#include "cli/commands/finding.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

namespace pb = candor::v1;

Finding CheckSource(const pb::Info& info);
Finding CheckProbes(const pb::Info& info);
// One finding for each warning (kWarn) and note (kOk) of the response.
std::vector<Finding> CheckNotes(const pb::Info& info);
// One finding for each counter of losses above 0; one kOk when there is none.
std::vector<Finding> CheckDrops(const pb::Info& info);
Finding CheckFlowMap(const pb::Info& info);
// Whether socket losses are counted.
Finding CheckSockets(const pb::Info& info);
// Whether the kernel's drop reasons are counted.
Finding CheckDropReasons(const pb::Info& info);
Finding CheckSessions(const pb::Info& info);
// Whether candord could keep new rooms away from this LiveKit node, if it had to; with steer.livekit.
Finding CheckSteering(const pb::Steering& steering);

std::vector<Finding> CheckInfo(const pb::Info& info);

}  // namespace candor::cli
