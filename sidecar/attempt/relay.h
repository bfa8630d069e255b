// SPDX-License-Identifier: Apache-2.0
//
// The two sides of an allocation at a TURN server (RFC 8656): the client's 5-tuple, with packets in
// envelopes, and the relayed transport address towards the peers. The node is waited on when one side
// receives packets and the other sends none. Pure; part of an Attempt.
// Tested in tests/attempt/turn_server_test.cc.
#pragma once

#include <array>
#include <cstdint>

#include "base/time.h"
#include "flow/flow.h"

namespace candor {

// A relayed address as the server announced it: its port and the first 4 bytes of the address, which may be
// the public one of a server behind NAT.
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

  // Flows at relayed addresses are visible to the source. Where they never are (ports that are not followed,
  // one interface of two), their silence is no evidence.
  void ExpectOutside() { expects_outside_ = true; }

  // One side has received packets for `timeout` or longer, and the other has sent none since.
  bool WaitsOnNode(Duration timeout) const;

  // The client's first packet through the allocation; Time{} before. Until then no side is waited on: ICE
  // gathers many allocations that are never used (RFC 8445 section 5.1.1.2).
  Time used_at() const { return used_at_; }
  bool used() const { return used_at_ != Time{}; }

 private:
  void Compare();

  // The time in which one side has received packets that the other has not forwarded.
  struct Wait {
    Time since{}, until{};
    void Update(Time received, Time sent);
    bool Past(Duration timeout) const { return since != Time{} && until - since >= timeout; }
  };

  Time used_at_{};
  Time client_in_{}, client_out_{};
  Time outside_in_{}, outside_out_{};
  bool permitted_ = false;
  bool expects_outside_ = false;
  Wait outwards_, inwards_;
};

}  // namespace candor
