// SPDX-License-Identifier: Apache-2.0
//
// Parser of the link layer of a frame, by LINKTYPE_* number (https://www.tcpdump.org/linktypes.html):
// Ethernet, raw IP, Linux cooked v1 and v2, BSD loopback, PPP, Cisco HDLC, MPLS. Pure.
#pragma once

#include "replay/layers/layer.h"

namespace candor {

LayerStep ParseLink(uint16_t link_type, const Slice& frame);

// "Ethernet" and so on; nullptr: a link type that is not read.
const char* LinkName(uint16_t link_type);

}  // namespace candor
