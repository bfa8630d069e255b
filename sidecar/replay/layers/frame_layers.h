// SPDX-License-Identifier: Apache-2.0
//
// Parsers of the layers between a link layer and IP: Ethernet, VLAN tags, PPPoE, PPP, MPLS. Pure.
// Tested by tests/replay/layers/decapsulate_test.cc.
#pragma once

#include "replay/layers/layer.h"

namespace candor {

// An Ethernet II frame, or one with LLC and SNAP (RFC 1042), from its destination address.
LayerStep ParseEthernet(const Slice& frame);
// A payload of EtherType `type`, after any VLAN tags (IEEE 802.1Q, 802.1ad).
LayerStep ParseEtherType(uint16_t type, const Slice& slice);
// With or without address and control bytes, the protocol field of one byte or two (RFC 1661 sections 2 and
// 6.5, RFC 1662).
LayerStep ParsePpp(const Slice& slice);
// All labels of the stack. A label does not name its payload: it is IP where the version and length of the
// header fit; else Ethernet, with or without a control word (RFC 4385: four 0 bits), where its type fits.
LayerStep ParseMpls(const Slice& slice);

}  // namespace candor
