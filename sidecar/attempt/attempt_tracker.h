// SPDX-License-Identifier: Apache-2.0
//
// Flows become attempts: all flows under one ufrag of the node are one attempt (RFC 8445), a plain RTP
// flow with its RTCP sibling is one, and so is an allocation at a TURN server with the flows at its relayed
// addresses (bpf/flow_turn.h says when it is active). Pure but for the FlowSource it looks flows up in; one
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "attempt/attempt_event.h"
#include "attempt/attempt_view.h"
#include "flow/flow.h"
#include "flow/flow_source.h"

namespace candor {

struct AttemptOptions {
  Duration response_timeout =
      std::chrono::seconds(1);  // owing longer than this is a stall (two retransmissions)
  // The first RTCP may take 2.5 s x 1.5 / 1.218 = 3.08 s (RFC 3550 section 6.2): the longest that a healthy
  // node which only receives stays silent at the start.
  Duration media_timeout = std::chrono::milliseconds(3200);
  // Later reports may be 5 s x 1.5 / 1.218 = 6.2 s apart: silent for longer, an active node has died.
  Duration drop_silence = std::chrono::seconds(8);
  Duration deadline = std::chrono::seconds(10);  // a pending attempt is concluded at this age
  Duration early = std::chrono::seconds(30);     // a drop within this of active is an early drop
  // A peer silent for longer has left: consent checks come at least every 6 s (RFC 7675 section 5.1).
  Duration alive = std::chrono::milliseconds(6500);
  // Plain media first seen this soon after the start are calls that began before Candor did: shown, not
  // judged. A plain call that is silent just then (hold, voice activity detection) shows later, and one way
  // only as a rule: until `one_way_startup_window` one-way calls count against the node only where many calls
  // since have shown that it serves them at once. With ICE or DTLS a beginning shows (CANDOR_F_BEGAN), or
  // `alive` has passed since the start, in which a pair in use shows itself unless its check was lost: until
  // `consent` such an attempt counts, and is evidence only where its first check triggered one of the node's.
  Duration startup_window = std::chrono::seconds(2);
  Duration one_way_startup_window = std::chrono::seconds(10);
  Duration consent = std::chrono::seconds(30);  // a pair without a check for longer has ended (RFC 7675 5.1)
  Duration idle = std::chrono::seconds(60);     // a flow silent this long is forgotten
  // An allocation at a TURN server lives this long without a word (RFC 8656 section 3.2).
  Duration allocation = std::chrono::seconds(600);
  size_t max_attempts = 65536;  // the oldest concluded ones make room, counted
  size_t history = 1000;        // ended attempts kept for people
};

class AttemptTracker {
 public:
  using Sink = std::function<void(const AttemptEvent&)>;
  AttemptTracker(AttemptOptions options, Sink sink);
  ~AttemptTracker();

  // When its source began to look, before the first OnFlow(). Without it the first flow says when.
  void Begin(Time at);
  // A change of one flow, in order of time.
  void OnFlow(const FlowEvent& e);
  // Looks pending and young active attempts up in `source`, older ones rarely, settles what is due, forgets
  // idle flows. However many are active, some 700 looks a second and one a minute for each are the most.
  void Tick(Time now, FlowSource& source);
  AttemptCounts counts() const;
  // Newest first, open ones before ended ones, at most `limit`. An active one is shown as of its last
  // change or look: up to 5 s ago, where more than 1,000 are open up to a minute.
  std::vector<AttemptView> Attempts(size_t limit) const;
  std::vector<FlowView> Flows(size_t limit) const;
  // Every attempt still known, in order of first packet: the open ones and the last `history` ended ones.
  void ForEachAttempt(const std::function<void(const AttemptView&)>& visit) const;
  // Names that lead to attempts: 5-tuples and ufrags, of open attempts only.
  size_t indexed() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor
