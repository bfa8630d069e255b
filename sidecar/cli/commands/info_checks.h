// SPDX-License-Identifier: Apache-2.0
//
// Whether a running candord sees, judged from what it says of itself. Pure functions; all texts Printable.
#pragma once

#include <vector>

#include "candor/v1/node_health.pb.h"
#include "cli/commands/finding.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

namespace pb = candor::v1;

Finding CheckSource(const pb::Info& info);
Finding CheckProbes(const pb::Info& info);
// Evidence that is not available, substitutes, costs: one finding each.
std::vector<Finding> CheckNotes(const pb::Info& info);
// One finding for each counter that tells of something lost, or one that nothing was.
std::vector<Finding> CheckDrops(const pb::Info& info);
Finding CheckFlowMap(const pb::Info& info);
// Whether it is known what the node's sockets lose.
Finding CheckSockets(const pb::Info& info);
// Whether it is known why.
Finding CheckDropReasons(const pb::Info& info);

std::vector<Finding> CheckInfo(const pb::Info& info);

}  // namespace candor::cli
