// SPDX-License-Identifier: Apache-2.0
//
// The UDP counters of one network namespace, from the texts of /proc/PID/net/snmp and snmp6. Pure.
//
// Source: net/ipv4/proc.c and net/ipv6/proc.c of Linux 6.1 to 6.18. InDatagrams counts datagrams read from
// sockets; drops before that are not part of it.
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
  // Of all protocols except TCP, whose segments do not count here.
  uint64_t out_discards = 0;

  bool operator==(const UdpCounters&) const = default;
};

// `snmp6` is empty on a kernel without IPv6. A missing field counts 0, except the four that all kernels have:
// an error names the first of these that is missing.
Result<UdpCounters> ParseUdpCounters(std::string_view snmp, std::string_view snmp6);

}  // namespace candor
