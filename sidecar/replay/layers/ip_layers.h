// SPDX-License-Identifier: Apache-2.0
//
// Parsers of packets inside an IP packet: GRE and ERSPAN, IP-in-IP, MPLS, EtherIP, and over UDP VXLAN,
// Geneve, MPLS and TZSP. Pure.
//
// The port of a media client may be any, so that a tunnel's port alone is no evidence. The destination port
// must be the tunnel's and the header as its specification demands: the first bytes of STUN, DTLS and RTP
// (RFC 7983) never are.
// Tested by tests/replay/layers/decapsulate_test.cc.
#pragma once

#include "replay/layers/layer.h"

namespace candor {

// `ip` begins at an IP header whose fixed part was captured. A later fragment has no payload to parse.
LayerStep ParseIp(const Slice& ip);

}  // namespace candor
