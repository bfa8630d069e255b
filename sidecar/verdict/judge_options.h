// SPDX-License-Identifier: Apache-2.0
//
// What an operator or a source may set of the decision rule; its other constants are in rule_constants.h.
// Tested in tests/verdict/judge_states_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "attempt/role.h"
#include "base/time.h"
#include "flow/address.h"

namespace candor {

struct JudgeOptions {
  Role role = Role::kLearned;             // of the whole node; Pipeline gives it to the tracker, too
  double false_alarms_per_month = 1.0;    // per 30 days, > 0
  double smallest_share = 0.10;           // smallest share of failing attempts to detect, (0, 1)
  std::vector<IpPrefix> trusted_sources;  // count per attempt: SIP trunks, TURN relays, large NATs
  std::vector<IpPrefix> nat64_prefixes;   // of RFC 6052, beside 64:ff9b::/96 and 64:ff9b:1::/48
  int network_bits_v4 = 16;
  int network_bits_v6 = 32;
  Duration deadline = std::chrono::seconds(10);  // D: a pending attempt of this age has failed
  Duration tick = std::chrono::milliseconds(250);
  Duration fresh = std::chrono::minutes(5);  // older evidence alone leaves the verdict UNKNOWN
  Duration retry_silence =
      std::chrono::seconds(60);  // further attempts of an address that failed do not count
  // Where the source reports which side an attempt waits on: one that waits for its peer counts as pending
  // from this age on, because a client that leaves is recognised by its silence only.
  Duration leave_grace = std::chrono::seconds(8);
  size_t max_attempts = 65536;  // open attempts; the oldest is evicted, counted
};

}  // namespace candor
