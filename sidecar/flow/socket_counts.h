// SPDX-License-Identifier: Apache-2.0
//
// Datagrams that the UDP sockets of the watched processes received, sent and lost, as the kernel counts them
// (RFC 4113 and Linux' additions in /proc/net/snmp). Values only.
// Tested in tests/probe/sockets/socket_reader_test.cc.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "flow/drop_reasons.h"

namespace candor {

// Sums since the source began; monotonic.
struct SocketCounts {
  Time at{};                    // of the reading; Time{}: none
  uint64_t received = 0;        // datagrams read by processes
  uint64_t dropped_full = 0;    // ... dropped because the socket's receive buffer was full
  uint64_t dropped_memory = 0;  // ... because the UDP memory limit was reached (net.ipv4.udp_mem)
  uint64_t sent = 0;            // datagrams sent
  uint64_t unsent_full = 0;     // the send buffer or the device's queue was full
  uint64_t unsent_refused = 0;  // discarded on output for another reason: firewall, full conntrack table
  DropSums drops = {};          // by reason; zeros where the kernel does not report it (DropEvidence)
  bool drops_known = false;     // they are counted

  uint64_t dropped() const { return dropped_full + dropped_memory; }
  uint64_t unsent() const { return unsent_full + unsent_refused; }
  bool operator==(const SocketCounts&) const = default;
};

// The counts with their availability.
struct SocketEvidence {
  std::string unavailable = "nothing was read yet";  // why; empty: `counts` are valid
  uint32_t namespaces = 0;                           // network namespaces read
  SocketCounts counts;
  DropEvidence drops = {};  // of the followed ports only
};

}  // namespace candor
