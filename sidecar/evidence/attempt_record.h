// SPDX-License-Identifier: Apache-2.0
//
// The state of one attempt while it can still be evidence. Plain value.
// Tested in tests/evidence/attempt_evidence_test.cc.
#pragma once

#include <cstdint>

#include "attempt/attempt_event.h"
#include "evidence/client_networks.h"

namespace candor {

struct AttemptRecord {
  uint64_t id = 0;
  Time start{};  // first packet; in an early-drop record: when it became active
  Time active{};
  IpAddress peer{};
  ClientNetwork network{};
  Phase phase = Phase::kOffered;
  WaitingOn waiting_on = WaitingOn::kNone;
  Outcome outcome = Outcome::kPending;
  bool acknowledged = false;
  bool counted = false;             // acknowledged and no retry: it is evidence
  bool counted_if_offered = false;  // no retry among all that were offered (kFrozen)
  bool attributed = false;          // the source reports whether the peer still sends
  bool peer_alive = true;           // only where attributed
  bool media_known = false;         // the source reports media
  uint8_t media = 0;                // MediaBits so far; only where media_known
  Time media_at{};                  // when the first of them was reported
  bool at_socket = true;            // false: all packets of its peer were dropped before a socket
  LostReason lost{};                // why this node's kernel drops what it waits for
  bool familiar = false;            // an attempt of its address had become active before: no stranger's
  bool broken = false;              // its address fails repeatedly while others succeed: no evidence
  bool closed = false;
  uint64_t counted_before = 0, successes_before = 0;  // totals at its arrival
  bool expired = false;                               // the deadline has passed
};

}  // namespace candor
