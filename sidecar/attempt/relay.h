// SPDX-License-Identifier: Apache-2.0
//
// An allocation at a TURN server (RFC 8656) has two sides: the client's 5-tuple, where packets come and go in
// envelopes, and the relayed transport address, where they go to peers and come from them. The node owes when
// one side takes and the other does not give. Pure; part of an Attempt.
#pragma once

#include <array>
#include <cstdint>

#include "base/time.h"
#include "flow/flow.h"

namespace candor {

// One relayed address as the allocation's flow tells it: its port and the address's first 4 bytes. The
// address may be the public one of a server behind NAT.
struct RelayedAddress {
  uint32_t head = 0;
  uint16_t port = 0;  // 0: none
};
using RelayedAddresses = std::array<RelayedAddress, 2>;  // IPv4, IPv6
RelayedAddresses RelayedOf(const FlowState& client);

class Relay {
 public:
  // The newest states of the client's flow and of any flow at the relayed address; in any order.
  void ObserveClient(const FlowState& client);
  void ObserveOutside(const FlowState& outside);

  // Flows at relayed addresses show here at all. Where they never do (ports that are not followed, one
  // interface of two), their silence says nothing.
  void ExpectOutside() { expects_outside_ = true; }

  // Whether one side has taken packets for `response_timeout` or longer without the other having sent any on.
  bool WaitsOnNode(Duration response_timeout) const;

  // The client's first packet through the allocation; Time{} before. ICE gathers many allocations that are
  // never used (RFC 8445 section 5.1.1.2): until then nobody owes anything.
  Time used_at() const { return used_at_; }
  bool used() const { return used_at_ != Time{}; }

 private:
  void Compare();

  // Since when, and until when, one side has gone on taking what the other has not passed on.
  struct Wait {
    Time since{}, until{};
    void Update(Time taken, Time given);
    bool Past(Duration response_timeout) const {
      return since != Time{} && until - since >= response_timeout;
    }
  };

  Time used_at_{};
  Time client_in_{}, client_out_{};
  Time outside_in_{}, outside_out_{};
  bool permitted_ = false;
  bool expects_outside_ = false;
  Wait outwards_, inwards_;
};

}  // namespace candor
