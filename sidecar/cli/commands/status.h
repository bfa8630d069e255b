// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "candor/v1/node_health.pb.h"
#include "cli/client/answer.h"
#include "cli/render/style.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

namespace pb = candor::v1;

// The screen of `candorctl status`. `info` is a Failure when GetInfo failed. Pure; Printable.
std::string RenderStatus(const pb::Verdict& verdict, const Answer<pb::Info>& info, WallTime now,
                         const Style& style);

}  // namespace candor::cli
