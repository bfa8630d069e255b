// SPDX-License-Identifier: Apache-2.0
//
// Steps through what stands between a link layer and IP: Ethernet, VLAN tags, PPPoE, PPP, MPLS. Pure.
#pragma once

#include "replay/layers/layer.h"

namespace candor {

// An Ethernet II frame, or one with LLC and SNAP (RFC 1042), from its destination address on.
LayerStep ParseEthernet(const Slice& frame);
// What `type` says of `slice`, behind any VLAN tags (IEEE 802.1Q, 802.1ad).
LayerStep ParseEtherType(uint16_t type, const Slice& slice);
// With or without address and control bytes, the protocol field of one byte or two (RFC 1661 sections 2 and
// 6.5, RFC 1662).
LayerStep ParsePpp(const Slice& slice);
// All labels of the stack. No label says what it carries: IP where the header's version and length fit; else
// Ethernet, with a control word (RFC 4385: its first four bits are 0) or without, where its type fits.
LayerStep ParseMpls(const Slice& slice);

}  // namespace candor
