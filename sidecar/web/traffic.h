// SPDX-License-Identifier: Apache-2.0
//
// What the ports of this room have been through, for /metrics. Every label is one of a few. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace candor::web {

struct ConnectionCounts {
  uint64_t open = 0;             // connections now
  uint64_t accepted = 0;         // since start, as all below
  uint64_t evicted = 0;          // had waited longest when another one needed the place
  uint64_t timed_out = 0;        // sent no whole request, or took no answer, in time
  uint64_t accept_failures = 0;  // accept(2) failed, for want of file descriptors mostly
};

struct Traffic {
  ConnectionCounts http, agent;
  std::map<std::pair<std::string, int>, uint64_t> requests;  // by path, or "other", and status
};

}  // namespace candor::web
