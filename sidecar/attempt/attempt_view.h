// SPDX-License-Identifier: Apache-2.0
//
// Attempts and flows as people and programs see them: plain values, copied out of the tracker.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "attempt/attempt_event.h"
#include "attempt/settled_counts.h"
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
  Owed owed = Owed::kNone;
  Outcome outcome = Outcome::kPending;
  bool vouched = false;
  bool peer_alive = false;
  uint32_t flows = 0;    // 5-tuples seen under it
  uint32_t repeats = 0;  // asked again after an answer
  uint16_t stun_error = 0;
  uint8_t alert = 0;
};

struct FlowView {
  FlowKey key{};
  FlowState state{};
  uint64_t attempt_id = 0;
};

// Totals since start.
struct AttemptCounts {
  // `attempts` are real ones: vouched by the node, checked by it, or plain media past its probation.
  // `offered` counts whatever a stranger may have sent as well.
  uint64_t attempts = 0, offered = 0, vouched = 0, active = 0, left = 0, refused = 0, unanswered = 0,
           early_drop = 0, replaced = 0, evicted = 0;
  std::array<uint64_t, 4> stalled{};   // by Owed
  std::array<uint64_t, 6> by_phase{};  // open attempts by farthest phase
  SettledCounts settled;
  SetupTimes setup;
};

}  // namespace candor
