// SPDX-License-Identifier: Apache-2.0
//
// Opens a live capture of the first bytes of UDP packets with libpcap. Errors name the remedy.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

struct pcap;

namespace candor {

struct PcapCloser {
  void operator()(pcap* p) const;
};
using PcapHandle = std::unique_ptr<pcap, PcapCloser>;

struct LiveHandleOptions {
  std::string interface;
  int buffer_bytes = 0;
  uint16_t port_min = 0, port_max = 65535;  // 0..65535: every UDP packet
};

// An active, non-blocking capture without buffering delay. Thread-safe.
Result<PcapHandle> OpenLive(const LiveHandleOptions& options);

// The filter of that capture (pcap-filter(7)): UDP directly in IP, thus of VXLAN and Geneve the outer
// packets, which no state machine follows, and nothing of GRE, IP-in-IP, MPLS and PPPoE. Linux removes one
// VLAN tag before the filter runs.
std::string LiveFilter(uint16_t port_min, uint16_t port_max);

}  // namespace candor
