// SPDX-License-Identifier: Apache-2.0
//
// An alarm in force, so that a restart of Candor does not let a sick node back in: the latch, and the figures
// that explain it. One line of the baseline's text (baseline_text.h):
//   alarm <FAILING|PROBATION> <detector> <deaf 0|1|2> <severity> <z> <h> <usual> <counted> <failed>
//   <networks>
//         <window s> <failed by waiting_on side, 4 numbers> <phase> <since s> <sick s> <hold s> <failed
//         probations>
// Of deaf, 1: it still sent packets, 2: nothing is known of that. Pure values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/contribution.h"
#include "verdict/findings.h"
#include "verdict/health_state_machine.h"
#include "verdict/verdict.h"

namespace candor {

struct SavedAlarm {
  HealthStateMachine::Memory latch;
  Detector detector = Detector::kNeverActive;  // that fired
  bool deaf = false;                           // Findings::deaf
  Sending sending = Sending::kUnknown;         // Measurements::sending
  // Of Verdict: z, h, baseline_failure_rate, counted, failed, networks, window, waiting_on, severity,
  // stuck_phase.
  Verdict figures;
};

// With its line's end.
std::string ToLine(const SavedAlarm& m);
// `words` of one line; nothing where they make no sense.
std::optional<SavedAlarm> ParseAlarm(const std::vector<std::string_view>& words);

}  // namespace candor
