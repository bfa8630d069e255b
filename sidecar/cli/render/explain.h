// SPDX-License-Identifier: Apache-2.0
//
// Sentences about a verdict. Pure functions; everything returned is Printable.
#pragma once

#include <string>

#include "cli/render/enum_names.h"
#include "cli/render/style.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

struct SelfReportComparison {
  bool disagree = false;  // self-report and verdict, or either and the effective answer
  std::string sentence;   // "self-report OK (HTTP 200), verdict FAILING: overridden"
};
SelfReportComparison CompareWithSelfReport(const pb::Verdict& verdict);

// What a state means: "new connections get no media, and the node is the cause".
std::string StateMeaning(pb::State state);

// "dropped_netfilter_out (measured)", "mtu (inferred)"; empty: no cause is named.
std::string CauseName(const pb::Cause& cause);

// "steering: node ND_x gets no new rooms ..."; empty: the cluster is not steered.
std::string SteeringText(const pb::Verdict& verdict);

// Age of the state: "4 min 12 s"; "an unknown time" when the verdict does not have it.
std::string StateAge(const pb::Verdict& verdict, WallTime now);

// A warning when the verdict is so old that candord's pipeline must have stopped; empty otherwise.
std::string StaleWarning(const pb::Verdict& verdict, WallTime now);

}  // namespace candor::cli
