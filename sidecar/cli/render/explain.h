// SPDX-License-Identifier: Apache-2.0
//
// A verdict in sentences. Pure functions; everything returned is Printable.
#pragma once

#include <string>

#include "cli/render/enum_names.h"
#include "cli/render/style.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

// What the node says of itself beside what Candor says.
struct SelfReportComparison {
  bool disagree = false;  // they disagree
  std::string sentence;   // "the node says OK (HTTP 200); Candor says FAILING: overridden"
};
SelfReportComparison CompareWithSelfReport(const pb::Verdict& verdict);

// What a state means: "new connections get no media, and the node is why".
std::string StateMeaning(pb::State state);

// Age of the state: "4 min 12 s"; "an unknown time" when the verdict does not say.
std::string StateAge(const pb::Verdict& verdict, WallTime now);

// A warning when the verdict is so old that candord's pipeline must stand still; empty otherwise.
std::string StaleWarning(const pb::Verdict& verdict, WallTime now);

// " (text)", or nothing when `text` is empty.
std::string InParentheses(const std::string& text);

}  // namespace candor::cli
