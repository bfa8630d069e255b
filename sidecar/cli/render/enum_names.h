// SPDX-License-Identifier: Apache-2.0
//
// The protocol's enums as words. A value of a newer protocol is "?" and its number. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candor/v1/node_health.pb.h"
#include "cli/render/style.h"

namespace candor::cli {

namespace pb = candor::v1;

std::string StateName(pb::State s);  // "FAILING"
Hue StateHue(pb::State s);
std::string ServingName(bool serving);  // "SERVING", "NOT SERVING"
Hue ServingHue(bool serving);
std::string PhaseName(pb::Phase p);          // "secured"
std::string WaitingOnName(pb::WaitingOn o);  // "node"; "-": none
Hue WaitingOnHue(pb::WaitingOn o);
std::string OutcomeName(pb::Outcome o);  // "stalled", "active"
Hue OutcomeHue(pb::Outcome o);
std::string SelfReportName(pb::SelfReport::Answer a);  // "OK", "DOWN", "UNREACHABLE", "not asked yet", "none"

// The words of --until, --outcome and --waiting-on, in any case.
std::optional<pb::State> ParseState(std::string_view word);
std::optional<pb::Outcome> ParseOutcome(std::string_view word);
std::optional<pb::WaitingOn> ParseWaitingOn(std::string_view word);
std::vector<std::string> StateWords();
std::vector<std::string> OutcomeWords();
std::vector<std::string> WaitingOnWords();

}  // namespace candor::cli
