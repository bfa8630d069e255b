// SPDX-License-Identifier: Apache-2.0
//
// The side that has to send the next packet and has exceeded the protocol's timeout (bpf/flow_step.h
// decides which side has to send). Pure functions of a flow's state and the time.
#pragma once

#include "base/time.h"
#include "flow/flow.h"

namespace candor {

struct Timeouts {
  Duration exchange{};  // a check or a handshake flight: two retransmissions
  Duration media{};     // the first packet of the side that only receives
};

// kNone while no side has exceeded its timeout. Of several sides the node comes first, then path and peer.
WaitingOn WaitingOnPast(const FlowState& flow, Time now, const Timeouts& timeouts);

// The side that is the DTLS client in nearly all recent attempts of this node. The roles are agreed in the
// signalling (RFC 5763), so between nomination and the first handshake record the wire does not show them.
class DtlsClientEstimate {
 public:
  void Observe(bool node_first);
  // kNone while attempts are fewer than five or differ.
  WaitingOn LikelyClient() const;

 private:
  double node_ = 0, peer_ = 0;  // attempts, exponentially decayed
};

}  // namespace candor
