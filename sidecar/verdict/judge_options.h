// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/time.h"
#include "flow/address.h"

namespace candor {

// Operators set the first two; everything else is derived or has a default with its reason.
struct JudgeOptions {
  double false_alarms_per_month = 1.0;    // per 30 days, > 0
  double smallest_share = 0.10;           // smallest share of failing attempts worth catching, (0, 1)
  std::vector<IpPrefix> trusted_sources;  // count per attempt: SIP trunks, TURN relays, a big NAT
  std::vector<IpPrefix> nat64_prefixes;   // of RFC 6052, beside 64:ff9b::/96 and 64:ff9b:1::/48
  int network_bits_v4 = 16;
  int network_bits_v6 = 32;
  Duration deadline =
      std::chrono::seconds(10);  // response_timeout D: a pending attempt of this age has failed
  Duration tick = std::chrono::milliseconds(250);
  Duration fresh = std::chrono::minutes(5);           // evidence older than this leaves the verdict UNKNOWN
  Duration retry_silence = std::chrono::seconds(60);  // an address that failed is no new witness so long
  // Where the source knows who owes: a pending attempt that waits for its peer testifies from this age on,
  // for a client that leaves is recognised by its silence only.
  Duration leave_grace = std::chrono::seconds(8);
  size_t max_attempts = 65536;  // open attempts remembered; the oldest make room, counted
};

}  // namespace candor
