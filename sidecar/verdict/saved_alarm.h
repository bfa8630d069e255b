// SPDX-License-Identifier: Apache-2.0
//
// An alarm in force, so that a restart of Candor does not let a failing node back in: the state machine's
// part and the figures. Lines of the baseline's text (baseline_text.h), the second only where there is a
// cause:
//   alarm <FAILING|PROBATION> <detector> <how 0|1|2|3|4|5> <severity> <score> <threshold>
//         <baseline failure rate> <counted> <failed> <networks> <window s>
//         <failed by WaitingOn, 4 numbers> <phase> <since s> <failing s> <hold s> <failed probations>
//         [<drop reason> <in|out> <failed with it> <failed with any>]
//   cause <code, or -> <measured 0|1> <text, with %20 for a space and %25 for %>
// How: 1: frozen by the rate of acknowledgements, the node still sent packets; 2: that is not known; 3: a
// share of attempts was not acknowledged; 4: joins without media; 5: a local fault. Pure values. Tested in
// tests/verdict/baseline_text_test.cc.
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
  HealthStateMachine::Saved health;
  Detector detector = Detector::kNeverActive;  // that fired
  bool by_ack_rate = false;                    // Findings::by_ack_rate
  bool partly = false, joins = false;          // Findings::partly, joins
  bool fault = false;                          // Findings::fault
  Sending sending = Sending::kUnknown;         // Measurements::sending
  // Its score, threshold, baseline_failure_rate, counted, failed, networks, window, waiting_on, dropped,
  // severity, stuck_phase; of its cause the code, measured, and the text.
  Verdict figures;
};

// With the newlines.
std::string ToLine(const SavedAlarm& a);
// From the words of one line; nullopt: they are no such line.
std::optional<SavedAlarm> ParseAlarm(const std::vector<std::string_view>& words);
std::optional<Cause> ParseCause(const std::vector<std::string_view>& words);

}  // namespace candor
