// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/render/enum_names.h"
#include "cli/render/style.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

// The verdict with its evidence, as sentences and tables. Pure; Printable.
std::string RenderWhy(const pb::Verdict& verdict, WallTime now, const Style& style);

}  // namespace candor::cli
