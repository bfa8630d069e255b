// SPDX-License-Identifier: Apache-2.0
//
// Attempts and flows as people and programs see them: plain values, copied out of the tracker.
#pragma once

#include <cstdint>
#include <string>

#include "attempt/attempt_counts.h"
#include "attempt/attempt_event.h"
#include "flow/flow.h"

namespace candor {

// One attempt as people and programs see it.
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
  uint32_t repeats = 0;  // asked again after an answer
  uint16_t stun_error = 0;
  uint8_t alert = 0;
  uint8_t media = 0;  // MediaBits: the kinds of media that have flowed
  // Not seen to begin, as when it is older than Candor: shown, and nothing that the node is judged by.
  bool began_before = false;
};

struct FlowView {
  FlowKey key{};
  FlowState state{};
  uint64_t attempt_id = 0;
};

}  // namespace candor
