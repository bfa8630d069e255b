// SPDX-License-Identifier: Apache-2.0
//
// An attempt that is not forgotten yet, and its evaluation. Plain value.
// Tested in tests/attempt/attempt_start_test.cc.
#pragma once

#include <cstdint>
#include <map>

#include "attempt/attempt.h"
#include "attempt/attempt_counts.h"
#include "attempt/lost_here.h"
#include "attempt/peer_reports.h"
#include "attempt/plain_calls.h"
#include "attempt/running_service.h"
#include "attempt/server_totals.h"

namespace candor {

struct OpenAttempt {
  Attempt attempt;
  uint32_t server = 0;
  ServerTotals* totals = nullptr;  // of its server; null: the evaluator counts it in its own
  Time next_look{};
  Phase counted_as = Phase::kNone;      // in AttemptCounts::by_phase
  Phase reported_phase = Phase::kNone;  // of the last event
  uint8_t reported_media = 0;           // MediaBits of the last kOffered or kMedia
  CountedAs counted{};                  // its outcome in AttemptCounts; none: no attempt yet
  Time offered_at{};                    // `at` of its kOffered
  bool offered = false;                 // kOffered was sent
  bool acknowledged = false;
  bool active = false;
  bool closed = false;      // kClosed or kDead was sent
  bool suppressed = false;  // older than Candor: no events are sent
  bool is_new = false;      // an older one would have shown before (AttemptOptions::alive)
  bool surely_new = false;  // the same, even if some of its checks were lost (AttemptOptions::consent)
  bool near_start = false;  // a plain call first seen so early that it may be older than Candor
  bool carries = false;     // an allocation that carries another attempt of this node, which counts instead
  bool young = false;       // active, and a drop would still be an early one
  bool at_socket = false;   // a packet of it has reached a socket or left one; false: all were dropped here
  bool reached = false;     // one of its peer has reached a socket
  bool reported_at_socket = false;  // AttemptEvent::at_socket of the last event
  LostHere lost{};
  LostOfPeer lost_of_peer{};
  LostReason lost_reason{};  // AttemptEvent::lost, as last evaluated
  PlainCall call{};
  RunningService running{};
  PeerReports reports{};
  Service reported_service = Service::kUnknown;  // of the last kRunning
  Received received = Received::kUnknown;        // of the last kReported
  Outcome outcome = Outcome::kPending;
  WaitingOn waiting_on = WaitingOn::kNone;
  bool alive = true;
};

using OpenAttempts = std::map<uint64_t, OpenAttempt>;  // by id: in order of first packet

// Plain calls show no beginning: those that may be older than Candor are suppressed by their time.
inline bool SeenToBegin(const OpenAttempt& o) {
  return o.is_new || o.attempt.bare() || o.attempt.seen_to_begin();
}

// The node's own checks may go out while all that its peer sends is dropped here.
inline bool AllOfPeerLost(const OpenAttempt& o) {
  return !o.at_socket || (!o.reached && o.lost_of_peer.checks > 0);
}

// The stricter rule, for evidence: of a thousand pairs in use a few lose the check that would have shown
// them.
inline bool SurelyBegan(const OpenAttempt& o) {
  return o.surely_new || o.attempt.bare() || o.attempt.seen_to_begin() || (o.is_new && o.attempt.triggered());
}

// For display: older than Candor.
inline bool BeganBefore(const OpenAttempt& o) {
  return o.suppressed || (!SeenToBegin(o) && o.attempt.acknowledged());
}

}  // namespace candor
