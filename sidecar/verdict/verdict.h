// SPDX-License-Identifier: Apache-2.0
//
// The verdict as a value: what every interface shows. Times are those of the source.
// Tested in tests/verdict/judge_states_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "evidence/arrival_gaps.h"
#include "flow/drop_reasons.h"
#include "flow/flow.h"
#include "verdict/cause.h"
#include "verdict/dropped_attempts.h"
#include "verdict/joins_detector.h"
#include "verdict/reported_joins_detector.h"

namespace candor {

enum class State : uint8_t { kUnknown, kHealthy, kDegraded, kFailing, kProbation, kDraining, kBlind };
std::string_view Name(State s);  // "UNKNOWN", "HEALTHY", ...

// One attempt in evidence; `candorctl attempts` shows it.
struct Example {
  uint64_t attempt_id = 0;
  double weight = 0;  // natural-log likelihood ratio it added
};

// A detector and its sequential test.
struct DetectorStatus {
  // "waiting_on_node", "never_active_alive", "never_active", "early_drop", "slow_setup", "frozen",
  // "none_active"; with running calls "calls_muted", "media_not_received"; once setup times are known
  // "setup_shift"; with socket evidence "receive_drops", "failed_sends"; of the media that is usual on the
  // node "no_rtp_to_senders", "no_data_to_senders", "less_rtp_to_senders", "less_data_to_senders",
  // "no_rtp_out", "no_rtp_in", "no_data_in"
  std::string name;
  double score = 0;                  // log-likelihood ratio against the baseline
  double threshold = 0;              // the score at which it fires
  double baseline_failure_rate = 0;  // 0..1
  bool prevents = true;              // false: harms only (DEGRADED)
};

// Datagrams that sockets lost since the sum of the detector last left zero; while it stands there, in the
// last second with enough datagrams.
struct SocketLoss {
  std::string detector;      // "receive_drops", "failed_sends"
  uint64_t lost = 0;         // datagrams
  uint64_t tried = 0;        // that arrived, or were to be sent; lost ones included
  uint64_t seconds = 0;      // with enough of them
  uint64_t bad_seconds = 0;  // of these, with more than 1 % lost
  Duration window{};
  // The kernel's reason for at least half of `lost`; CANDOR_DROP_NONE: there is none, or it is not known.
  candor_drop_reason cause = CANDOR_DROP_NONE;
};

struct Verdict {
  State state = State::kUnknown;
  std::string reason;  // stable snake_case: "no_evidence", "ok", "waiting_on_node", "too_few_sources", ...
  std::string detail;  // the reason as a sentence with figures
  std::string remediation;               // what an operator can do; may be empty
  Cause cause;                           // of DEGRADED, FAILING and PROBATION, where known
  Time since{};                          // when this state began
  Time at{};                             // when it was last decided
  std::string detector;                  // that decided, empty when none
  Phase stuck_phase = Phase::kNone;      // where the failing ones stand (most of them)
  double score = 0, threshold = 0;       // of the deciding detector
  double baseline_failure_rate = 0;      // of the deciding detector
  uint64_t counted = 0;                  // attempts in evidence since the sum last left zero
  uint64_t failed = 0;                   // of these, not (yet) active
  uint64_t networks = 0;                 // distinct client networks among the failed
  Duration window{};                     // that these span
  std::array<uint64_t, 4> waiting_on{};  // of the failed, by WaitingOn
  DroppedAttempts dropped;               // of the failed, those that this node's kernel dropped
  double severity = 0;                   // most likely failing share, 0..1; of datagrams in socket evidence
  Duration clears_in{};                  // earliest moment it can clear; 0: when evidence allows
  std::vector<Example> examples;         // heaviest first, at most 5
  std::vector<DetectorStatus> detectors;
  std::vector<SocketLoss> sockets;  // empty without socket evidence
  ArrivalGap arrivals;              // how attempts come, and the present gap
  JoinEvidence joins;               // sessions accepted beside the attempts that begin
  ReportedJoinEvidence reported;    // what the media server itself counts of its joins
  uint64_t ignored_retry = 0, ignored_unacknowledged = 0, ignored_capped = 0;  // since start
};

// The detector that has fired although the state is HEALTHY; nullptr, always for a verdict of the judge:
// there is none. Points into `v`.
const DetectorStatus* FiredBesideHealthy(const Verdict& v);

}  // namespace candor
