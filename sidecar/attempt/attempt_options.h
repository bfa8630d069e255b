// SPDX-License-Identifier: Apache-2.0
//
// The time limits and bounds of attempts; the configuration sets most of them. Plain values.
// Tested in tests/attempt/attempt_start_test.cc.
#pragma once

#include <chrono>
#include <cstddef>

#include "attempt/role.h"
#include "base/time.h"

namespace candor {

struct AttemptOptions {
  Role role = Role::kLearned;  // which silence of plain calls is normal (plain_calls.h)
  // A side that is waited on for longer has stalled: two retransmissions of a check or a handshake flight.
  Duration response_timeout = std::chrono::seconds(1);
  // The first RTCP may take 2.5 s x 1.5 / 1.218 = 3.08 s (RFC 3550 section 6.2): the longest that a healthy
  // node which only receives stays silent at the start.
  Duration media_timeout = std::chrono::milliseconds(3200);
  // Later reports may be 5 s x 1.5 / 1.218 = 6.2 s apart: an active node that is silent for longer has
  // failed.
  Duration drop_silence = std::chrono::seconds(8);
  Duration deadline = std::chrono::seconds(10);  // a pending attempt is concluded at this age
  Duration early = std::chrono::seconds(30);     // a drop within this of becoming active is an early drop
  // A peer that is silent for longer has left: consent checks come at least every 6 s (RFC 7675 section 5.1).
  Duration alive = std::chrono::milliseconds(6500);

  // Attempts older than Candor are shown and not judged. How old one is cannot always be seen:
  //
  // - Plain media first seen within `startup_window` of the start is a call that began before.
  // - A plain call that was silent just then (hold, voice activity detection) shows later, usually in one
  //   direction: within `one_way_startup_window` a one-way call counts against the node only where many calls
  //   since have shown that the node serves them at once.
  // - With ICE or DTLS the beginning shows (CANDOR_F_BEGAN). A pair in use sends a check within
  //   `alive` of the start, unless that check was lost. Until `consent`, in which every such pair has shown
  //   or expired, an attempt whose beginning was not seen counts, and is evidence only where its first check
  //   triggered one of the node's.
  Duration startup_window = std::chrono::seconds(2);
  Duration one_way_startup_window = std::chrono::seconds(10);
  Duration consent = std::chrono::seconds(30);  // a pair without a check for longer has ended (RFC 7675 5.1)

  Duration idle = std::chrono::seconds(60);         // a flow that is silent for this long is forgotten
  Duration allocation = std::chrono::seconds(600);  // the same for a TURN allocation (RFC 8656 section 3.2)
  size_t max_attempts = 65536;  // open at once; the oldest unacknowledged one is evicted, counted
  // Of these, attempts whose packets were all dropped before a socket. At the bound the oldest gives way if
  // it has ended; else the new one is not opened, counted.
  size_t max_lost = 4096;
  size_t history = 1000;  // ended attempts kept for display
};

}  // namespace candor
