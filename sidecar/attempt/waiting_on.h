// SPDX-License-Identifier: Apache-2.0
//
// Who owes the next packet, past the protocol's own response_timeout (design.md "WaitingOn side"). Pure
// functions of a flow's state and the time.
#pragma once

#include "base/time.h"
#include "flow/flow.h"

namespace candor {

struct Timeouts {
  Duration exchange{};  // a check or a handshake flight: two retransmissions
  Duration media{};     // the first packet of the side that only receives
};

// kNone while nobody has waiting_on for longer than response_timeout. The node's debt counts before the
// path's and the peer's.
WaitingOn WaitingOnPast(const FlowState& flow, Time now, const Timeouts& response_timeout);

// The side whose ClientHello a node usually sees first. After nomination with no handshake record either
// way, nothing on the wire says who is the DTLS client (the roles are in the signalling, RFC 5763); what
// nearly all of this node's attempts did lately does.
class DtlsClientEstimate {
 public:
  void Observe(bool node_first);
  // kNone while there are too few or too mixed examples.
  WaitingOn LikelyClient() const;

 private:
  double node_ = 0, peer_ = 0;  // exponentially forgotten counts
};

}  // namespace candor
