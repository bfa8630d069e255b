// SPDX-License-Identifier: Apache-2.0
//
// Messages for tests: 2 June 2026, four minutes after an alarm.
#pragma once

#include <chrono>

#include "candor/v1/node_health.pb.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

namespace pb = candor::v1;

inline constexpr WallTime kNow{std::chrono::seconds(1'780'402'215)};  // 2026-06-02 12:10:15Z

google::protobuf::Timestamp Before(std::chrono::milliseconds ago);  // before kNow

pb::Verdict HealthyVerdict();
pb::Verdict FailingVerdict();     // self-report OK; 12 of 14 attempts wait for the node
pb::Verdict OverriddenVerdict();  // FAILING, drained and overridden to HEALTHY
pb::Verdict BlindVerdict();       // self-report OK; the probes could not load
pb::Info BpfInfo();               // no warnings, no losses
pb::Attempt StalledAttempt();
pb::Attempt ActiveAttempt();

// A string of a hostile peer or node, and how it is to be shown.
inline constexpr const char* kHostile = "\x1b]0;owned\x07\x1b[2J\r\nfake \xc2\x9b line";
inline constexpr const char* kHostileShown = "\\x1b]0;owned\\x07\\x1b[2J\\r\\nfake \\x9b line";

}  // namespace candor::cli
