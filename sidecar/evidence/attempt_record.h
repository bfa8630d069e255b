// SPDX-License-Identifier: Apache-2.0
//
// What the judge remembers of one attempt while it can still speak for or against the node.
#pragma once

#include <cstdint>

#include "attempt/attempt_event.h"
#include "evidence/client_networks.h"

namespace candor {

struct AttemptRecord {
  uint64_t id = 0;
  Time start{};  // first packet; of an early-drop record: the moment it became active
  Time active{};
  IpAddress peer{};
  ClientNetwork network{};
  Phase phase = Phase::kOffered;
  WaitingOn waiting_on = WaitingOn::kNone;
  Outcome outcome = Outcome::kPending;
  bool acknowledged = false;
  bool counted = false;             // acknowledged and not a retry: it counts
  bool counted_if_offered = false;  // not a retry among all that were offered (frozen detector)
  bool attributed = false;          // the source knows whether the peer still sends
  bool peer_alive = true;           // only where attributed
  bool media_known = false;         // the source tells of media
  uint8_t media = 0;                // MediaBits so far; only where media_known
  Time media_at{};                  // when the first of them was told
  bool broken = false;              // its address fails by itself while others succeed: taken back
  bool closed = false;
  uint64_t counted_before = 0, successes_before = 0;  // counted attempts before it, and successes
  bool expired = false;                               // the deadline has passed over it
};

}  // namespace candor
