// SPDX-License-Identifier: Apache-2.0
//
// Messages made by hand: the afternoon of 2 June 2026, four minutes after the alarm.
#pragma once

#include <chrono>

#include "candor/v1/node_health.pb.h"
#include "cli/render/wall_time.h"

namespace candor::cli {

namespace pb = candor::v1;

inline constexpr WallTime kNow{std::chrono::seconds(1'780'402'215)};  // 2026-06-02 12:10:15Z

google::protobuf::Timestamp Before(std::chrono::milliseconds ago);  // before kNow

pb::Verdict HealthyVerdict();
pb::Verdict FailingVerdict();  // the node says OK, 12 of 14 attempts stall because of it
pb::Verdict BlindVerdict();    // the node says OK, the probes could not load
pb::Info BpfInfo();            // sees all, has lost nothing
pb::Attempt StalledAttempt();
pb::Attempt ActiveAttempt();

// What a hostile peer or node would put into a string: it must never reach a terminal as it is.
inline constexpr const char* kHostile = "\x1b]0;owned\x07\x1b[2J\r\nfake \xc2\x9b line";
inline constexpr const char* kHostileShown = "\\x1b]0;owned\\x07\\x1b[2J\\r\\nfake \\x9b line";

}  // namespace candor::cli
