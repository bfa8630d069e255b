// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/render/enum_names.h"
#include "cli/render/style.h"

namespace candor::cli {

// The condition of `--until`.
using WaitCondition = std::function<bool(const pb::Verdict&)>;

// "serving", "not-serving" or the name of a state, in any case; nullopt for anything else.
std::optional<WaitCondition> ParseWaitCondition(std::string_view word);

// One line, without its newline: time of the verdict, state, effective answer, self-report, reason. `missed`:
// changes before this one that were not received. Pure; Printable.
std::string RenderChange(const pb::Verdict& verdict, uint64_t missed, const Style& style);

}  // namespace candor::cli
