// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/names.h"
#include "cli/style.h"
#include "cli/wall.h"

namespace candor::cli {

// The chain from evidence to verdict, to be read aloud.
std::string RenderWhy(const pb::Verdict& verdict, Wall now, const Style& style);

}  // namespace candor::cli
