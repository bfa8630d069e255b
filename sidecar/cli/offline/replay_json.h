// SPDX-License-Identifier: Apache-2.0
//
// The JSON lines of a replay: one object each, without the newline. Times are seconds since 1970 with
// microseconds, written as exact decimals.
#pragma once

#include <string>
#include <string_view>

#include "cli/offline/replay_report.h"

namespace candor::cli {

// In quotes; control characters escaped, bytes that are not UTF-8 replaced (RFC 8259 section 8.1).
std::string JsonString(std::string_view text);
std::string JsonTime(Time t);

std::string VerdictLine(const ReplayChange& change);
std::string AttemptLine(const AttemptView& attempt);
std::string SummaryLine(const ReplayReport& report);

}  // namespace candor::cli
