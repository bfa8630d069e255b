// SPDX-License-Identifier: Apache-2.0
//
// Attempts and flows for display: plain values, copied out of the tracker.
// Tested in tests/attempt/attempt_tracker_test.cc.
#pragma once

#include <string>

#include "attempt/attempt_counts.h"
#include "attempt/attempt_event.h"
#include "flow/flow.h"

namespace candor {

struct AttemptView {
  uint64_t id = 0;
  std::string key;  // the node's ufrag, or the local port for plain RTP
  Endpoint local;
  Endpoint peer;
  Time first{};
  Time active{};  // Time{}: never became active
  Time ended{};   // Time{}: still open
  Time last_in{}, last_out{};
  Phase phase = Phase::kOffered;
  WaitingOn waiting_on = WaitingOn::kNone;
  Outcome outcome = Outcome::kPending;
  bool acknowledged = false;
  bool peer_alive = false;
  uint32_t flows = 0;    // 5-tuples seen under it
  uint32_t repeats = 0;  // requests repeated after their answer
  uint16_t stun_error = 0;
  uint8_t alert = 0;
  // A small flight of the node's handshake was answered (ClientHello, HelloVerifyRequest), and it has sent a
  // larger one since.
  bool small_flight_passed = false;
  uint8_t media = 0;          // MediaBits: the kinds of media that have flowed
  LostReason lost{};          // why this node's kernel dropped what it waits for
  bool began_before = false;  // its beginning was not seen: shown, and no evidence
  uint32_t server = 0;        // as in AttemptEvent
};

struct FlowView {
  FlowKey key{};
  FlowState state{};
  uint64_t attempt_id = 0;
  uint32_t server = 0;  // of the attempt
  // The peer sends media, and the node has sent none since; or the peer's RTCP says that nothing of what the
  // node has sent since has arrived. Time{}: not so.
  Time one_way_since{};
};

}  // namespace candor
