// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/client/client.h"
#include "cli/render/style.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

// The one screen of `candorctl status`. `info` is a Failure when candord could not say who it is.
std::string RenderStatus(const pb::Verdict& verdict, const Answer<pb::Info>& info, WallTime now,
                         const Style& style);

}  // namespace candor::cli
