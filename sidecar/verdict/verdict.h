// SPDX-License-Identifier: Apache-2.0
//
// The verdict as a value: what every interface shows. Times are the source's clock.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "flow/drop_reasons.h"
#include "flow/flow.h"

namespace candor {

enum class State : uint8_t { kUnknown, kHealthy, kDegraded, kFailing, kProbation, kDraining, kBlind };
std::string_view Name(State s);  // "UNKNOWN", "HEALTHY", ...

// One attempt that weighed in, named so that an operator can look it up with `candorctl attempts`.
struct Example {
  uint64_t attempt_id = 0;
  double weight = 0;  // natural-log likelihood ratio it added
};

// One detector of evidence and where its sequential test stands.
struct DetectorStatus {
  // "waiting_on_node", "never_active_alive", "never_active", "early_drop", "slow_setup", "frozen",
  // "none_active"; once setup times are known "setup_shift"; with socket evidence "receive_drops",
  // "failed_sends"; of the media that is usual on the node "no_rtp_to_senders", "no_data_to_senders",
  // "less_rtp_to_senders", "less_data_to_senders", "no_rtp_out", "no_rtp_in", "no_data_in"
  std::string name;
  double score = 0;                  // log of how much likelier than usual
  double threshold = 0;              // threshold it fires at
  double baseline_failure_rate = 0;  // usual share, 0..1
  bool prevents = true;              // false: harms only (DEGRADED)
};

// What sockets lost since the sum of its detector last left zero; while it stands there, in the last second
// that had enough datagrams to tell.
struct SocketLoss {
  std::string detector;      // "receive_drops", "failed_sends"
  uint64_t lost = 0;         // datagrams
  uint64_t tried = 0;        // that arrived, or were to be sent; lost ones included
  uint64_t seconds = 0;      // that had enough of them to tell
  uint64_t bad_seconds = 0;  // of these, with more lost than anybody should bear (1 %)
  Duration window{};
  // The kernel's reason of at least half of `lost`; CANDOR_DROP_NONE: there is no such, or it is not told.
  candor_drop_reason cause = CANDOR_DROP_NONE;
};

struct Verdict {
  State state = State::kUnknown;
  std::string reason;  // stable snake_case: "no_evidence", "ok", "waiting_on_node", "too_few_sources", ...
  std::string detail;  // the reason as a sentence with figures, for a person at three in the morning
  std::string remediation;               // what an operator can do, may be empty
  Time since{};                          // when this state began
  Time at{};                             // when it was last judged
  std::string detector;                  // that decided, empty when none
  Phase stuck_phase = Phase::kNone;      // where the failing ones stand (most of them)
  double score = 0, threshold = 0;       // of the deciding detector
  double baseline_failure_rate = 0;      // of the deciding detector
  uint64_t counted = 0;                  // attempts in evidence since the running sum last left zero
  uint64_t failed = 0;                   // of these, not (yet) active
  uint64_t networks = 0;                 // distinct client networks among the failed
  Duration window{};                     // the time these span
  std::array<uint64_t, 4> waiting_on{};  // of the failed, by WaitingOn
  double severity = 0;                   // most likely failing share, 0..1; of datagrams in socket evidence
  Duration clears_in{};                  // earliest moment it can clear; 0: when evidence allows
  std::vector<Example> examples;         // heaviest first, at most 5
  std::vector<DetectorStatus> detectors;
  std::vector<SocketLoss> sockets;  // empty without socket evidence
  uint64_t ignored_retry = 0, ignored_unacknowledged = 0, ignored_capped = 0;  // since start
};

// The detector that has fired (z >= h) although the state is HEALTHY. nullptr: there is none, which holds of
// every verdict that the judge publishes. Points into `v`.
const DetectorStatus* FiredBesideHealthy(const Verdict& v);

}  // namespace candor
