// SPDX-License-Identifier: Apache-2.0
//
// What the UDP sockets of the watched processes took in, sent and lost, by the kernel's own count (RFC 4113
// and Linux' additions to it, as /proc/net/snmp has them). Values only.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "flow/drop_reasons.h"

namespace candor {

// Sums since the source began to read them: they only grow.
struct SocketCounts {
  Time at{};                    // of the reading; Time{}: there was none
  uint64_t received = 0;        // datagrams that processes took from their sockets
  uint64_t dropped_full = 0;    // ... that found a socket's receive buffer full
  uint64_t dropped_memory = 0;  // ... or all memory for UDP used up (net.ipv4.udp_mem)
  uint64_t sent = 0;            // datagrams that left the node's sockets for good
  uint64_t unsent_full = 0;     // the send buffer, or the device's queue, was full
  uint64_t unsent_refused = 0;  // discarded on the way out for another reason: a firewall, conntrack's table
  DropSums drops = {};          // why, where the kernel tells it; zeros where it does not (DropEvidence)

  uint64_t dropped() const { return dropped_full + dropped_memory; }
  uint64_t unsent() const { return unsent_full + unsent_refused; }
  bool operator==(const SocketCounts&) const = default;
};

// The same for people, with the reason where there is none.
struct SocketEvidence {
  std::string unavailable = "nothing was read yet";  // why; empty: `counts` are there
  uint32_t namespaces = 0;                           // network namespaces that are read
  SocketCounts counts;
  DropEvidence drops = {};  // of the followed ports only
};

}  // namespace candor
