// SPDX-License-Identifier: Apache-2.0
//
// An alarm in force, so that a restart of Candor does not let a sick node back in: the latch, and the figures
// that explain it. One line of the baseline's text (baseline_text.h):
//   alarm <FAILING|PROBATION> <channel> <deaf 0|1|2> <severity> <z> <h> <usual> <counted> <failed> <networks>
//         <window s> <failed by owed side, 4 numbers> <phase> <since s> <sick s> <hold s> <failed probations>
// Of deaf, 1: it still sent packets, 2: nothing is known of that. Pure values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/stance.h"
#include "verdict/findings.h"
#include "verdict/latch.h"
#include "verdict/verdict.h"

namespace candor {

struct AlarmMemory {
  Latch::Memory latch;
  Channel channel = Channel::kNeverActive;  // that fired
  bool deaf = false;                        // Findings::deaf
  Sending sending = Sending::kUnknown;      // Measured::sending
  // Of Verdict: z, h, usual_share, counted, failed, networks, window, owed, severity, stuck_phase.
  Verdict figures;
};

// With its line's end.
std::string ToLine(const AlarmMemory& m);
// `words` of one line; nothing where they make no sense.
std::optional<AlarmMemory> ParseAlarm(const std::vector<std::string_view>& words);

}  // namespace candor
