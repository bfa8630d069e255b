// SPDX-License-Identifier: Apache-2.0
//
// Flows become attempts: all flows under one ufrag of the node are one attempt (RFC 8445), a plain RTP
// flow with its RTCP sibling is one. Pure but for the FlowSource it looks flows up in; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "attempt/attempt_event.h"
#include "flow/flow.h"
#include "flow/flow_source.h"

namespace candor {

struct AttemptOptions {
  Duration patience = std::chrono::seconds(1);  // owing longer than this is a stall (two retransmissions)
  Duration media_patience = std::chrono::seconds(5);  // first RTCP may take 3.1 s (RFC 3550 section 6.2)
  Duration deadline = std::chrono::seconds(10);       // a pending attempt is settled at this age
  Duration early = std::chrono::seconds(30);          // a drop within this of active is an early drop
  Duration idle = std::chrono::seconds(60);           // a flow silent this long is forgotten
  size_t max_attempts = 65536;                        // the oldest settled ones make room, counted
  size_t history = 1000;                              // ended attempts kept for people
};

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
  uint64_t offered = 0, vouched = 0, active = 0, left = 0, refused = 0, unanswered = 0, early_drop = 0,
           replaced = 0, evicted = 0;
  uint64_t stalled[4] = {};   // by Owed
  uint64_t by_phase[6] = {};  // open attempts by farthest phase
};

class AttemptTracker {
 public:
  using Sink = std::function<void(const AttemptEvent&)>;
  AttemptTracker(AttemptOptions options, Sink sink);
  ~AttemptTracker();

  // A change of one flow, in order of time.
  void OnFlow(const FlowEvent& e);
  // Looks pending and young active attempts up in `source`, settles what is due, forgets idle flows.
  void Tick(Time now, FlowSource& source);
  // At the end of a capture: what is still pending stays pending, nothing is invented.

  const AttemptCounts& counts() const;
  // Newest first, open ones before ended ones, at most `limit`.
  std::vector<AttemptView> Attempts(size_t limit) const;
  std::vector<FlowView> Flows(size_t limit) const;
  // Every attempt that is open or ended since the last call, in order of first packet: for replay.
  void ForEachAttempt(const std::function<void(const AttemptView&)>& visit) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor
