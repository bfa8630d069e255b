// SPDX-License-Identifier: Apache-2.0
//
// Packets that this node's kernel dropped, as attempts. What never reached a socket goes through the very
// same state machine (FlowTable) and opens or advances an attempt whose packets all were lost; what belongs
// to an attempt that its socket knows is noted there. Never an acknowledgement by itself: a stranger can send
// anything to a closed port. Bounded; what is beyond the bounds is counted. Pure; one thread.
// Tested in tests/attempt/lost_flows_test.cc.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "attempt/attempt_tracker.h"
#include "attempt/learned_ports.h"
#include "flow/flow_table.h"
#include "flow/lost_content.h"

namespace candor {

struct LostFlowsOptions {
  size_t max_flows = 4096;  // 5-tuples of lost packets; at the bound an idle one is evicted, counted
  // New ones of one sender within 10 s: a flood from one address keeps no other out.
  size_t max_of_address = 256;
  uint16_t port_min = 0;  // local ports of media as configured, inclusive; all of them says nothing
  uint16_t port_max = 65535;
};

class LostFlows {
 public:
  struct Counts {
    uint64_t packets = 0;    // given
    uint64_t unread = 0;     // of no kind that flows follow
    uint64_t noted = 0;      // of attempts that a socket knows
    uint64_t followed = 0;   // of attempts whose packets all were lost
    uint64_t strangers = 0;  // to ports without media, or outgoing ones of no attempt
    uint64_t refused = 0;    // beyond max_of_address
  };

  // `tracker` outlives it.
  LostFlows(LostFlowsOptions options, AttemptTracker* tracker)
      : options_(options), tracker_(*tracker), table_({.max_flows = options.max_flows}) {}

  // A flow that a socket knows: its port is one of media once the node has acknowledged it.
  void Learn(const FlowEvent& e) {
    if ((e.flow.flags & CANDOR_F_ACKNOWLEDGED) != 0) ports_.Learn(e.key.local_port);
  }
  // What the kernel dropped since the last call, before the tracker's Tick().
  void Take(FlowSource& source) {
    source.TakeLost([this](const LostPacket& p) { OnPacket(p); });
  }
  void OnPacket(const LostPacket& p);

  // Media sockets have, or had, this port; or it is configured.
  bool HasPort(uint16_t port) const;
  Counts counts() const { return counts_; }
  uint64_t evicted() const { return table_.evicted(); }

 private:
  void Follow(const LostPacket& p, const LostContent& c);
  bool Admit(const FlowKey& key, Time at);

  LostFlowsOptions options_;
  AttemptTracker& tracker_;
  FlowTable table_;
  LearnedPorts ports_;
  std::unordered_map<IpAddress, uint32_t> of_address_;  // new flows since `window_`
  Time window_{};
  Counts counts_;
};

}  // namespace candor
