// SPDX-License-Identifier: Apache-2.0
//
// What an IP packet carries, where that is another packet: GRE and ERSPAN, IP-in-IP, MPLS, EtherIP, and over
// UDP VXLAN, Geneve, MPLS and TZSP. Pure.
//
// UDP says no more than a port, and a media client's port may be any. Only the destination port counts, and
// only where the header behind it is what the specification demands: the first bytes of STUN, DTLS and RTP
// (RFC 7983) never are.
#pragma once

#include "replay/layers/layer.h"

namespace candor {

// `ip` begins at an IP header whose fixed part is there. A later fragment carries nothing that can be read.
LayerStep ParseIp(const Slice& ip);

}  // namespace candor
