// SPDX-License-Identifier: Apache-2.0
//
// One network namespace's UDP counters out of the texts of /proc/PID/net/snmp and snmp6. Pure.
//
// Source: net/ipv4/proc.c and net/ipv6/proc.c of Linux 6.1 to 6.18. InDatagrams counts what was read from
// sockets, so what was dropped before that comes on top of it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace candor {

struct UdpCounters {  // IPv4 and IPv6 together; since the namespace was made
  uint64_t in = 0;
  uint64_t rcvbuf_errors = 0;
  uint64_t mem_errors = 0;
  uint64_t out = 0;
  uint64_t sndbuf_errors = 0;
  // Of all protocols that send through sockets but TCP, whose sends are not counted here.
  uint64_t out_discards = 0;

  bool operator==(const UdpCounters&) const = default;
};

// `snmp6` is empty on a kernel without IPv6. Fields that a kernel lacks count 0, but without the four that
// all have there is nothing to go by: an error that names the first missing one.
Result<UdpCounters> ParseUdpCounters(std::string_view snmp, std::string_view snmp6);

}  // namespace candor
