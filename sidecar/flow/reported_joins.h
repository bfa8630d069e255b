// SPDX-License-Identifier: Apache-2.0
//
// What the media server itself counts of those who join: they signal, they begin, their media comes up.
// Beside the attempts at the sockets it shows joins whose media never arrives. Values only. Tested in
// tests/verdict/reported_joins_detector_test.cc.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace candor {

// Sums since the server began; each monotonic while `run` is the same.
struct ReportedJoins {
  std::string unavailable = "nothing was read yet";  // why; empty: the counters are valid
  Time at{};                                         // of the reading, the source's clock; Time{}: none
  std::string run;                                   // of the server: another one has begun anew
  uint64_t signalled = 0;  // signalling sessions of this node, also for rooms of other nodes
  uint64_t begun = 0;      // joins that this node has to serve, `resumed` included
  uint64_t resumed = 0;    // of these, such as go on with the media that they have
  uint64_t up = 0;         // joins whose media came up
  uint64_t cancelled = 0;  // joins that were given up before
};

}  // namespace candor
