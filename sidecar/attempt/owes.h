// SPDX-License-Identifier: Apache-2.0
//
// Who owes the next packet, past the protocol's own patience (design.md "Owed side"). Pure functions of a
// flow's state and the time.
#pragma once

#include "base/time.h"
#include "flow/flow.h"

namespace candor {

struct Patience {
  Duration exchange{};  // a check or a handshake flight: two retransmissions
  Duration media{};     // the first packet of the side that only receives
};

// kNone while nobody has owed for longer than patience. The node's debt counts before the path's and the
// peer's.
Owed OwedPast(const FlowState& flow, Time now, const Patience& patience);

// The side whose ClientHello a node usually sees first. After nomination with no handshake record either
// way, nothing on the wire says who is the DTLS client (the roles are in the signalling, RFC 5763); what
// nearly all of this node's attempts did lately does.
class DtlsHabit {
 public:
  void Saw(bool node_first);
  // kNone while there are too few or too mixed examples.
  Owed UsualClient() const;

 private:
  double node_ = 0, peer_ = 0;  // exponentially forgotten counts
};

}  // namespace candor
