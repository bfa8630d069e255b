// SPDX-License-Identifier: Apache-2.0
//
// Opens libpcap's live capture of UDP heads, with errors that a person can act on.
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

// An active, non-blocking capture that delivers at once. Thread-safe.
Result<PcapHandle> OpenLive(const LiveHandleOptions& options);

// The filter it installs, in libpcap's language. It takes UDP that IP carries at once: of tunnels over UDP
// (VXLAN, Geneve) the outer datagrams, which are of no kind that is followed; nothing of GRE, IP-in-IP, MPLS
// and PPPoE. Linux has taken one VLAN tag off before it runs.
std::string LiveFilter(uint16_t port_min, uint16_t port_max);

}  // namespace candor
