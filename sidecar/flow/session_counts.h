// SPDX-License-Identifier: Apache-2.0
//
// Sessions that the media server accepts on its own listening TCP sockets: signalling (HTTP, WebSocket, SIP
// over TCP). Beside the attempts that begin they show sessions that get no media at all. Values only.
// Tested in tests/verdict/joins_detector_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace candor {

// Sum since the source began; monotonic. A port that accepts nothing for long may be left out, and begins
// from 0 when it comes again.
struct PortSessions {
  uint64_t cgroup_id = 0;  // of the listening socket
  uint16_t port = 0;       // local TCP port
  uint64_t accepted = 0;   // connections that reached ESTABLISHED on the listening side
  bool operator==(const PortSessions&) const = default;
};

struct SessionCounts {
  std::string unavailable = "the probes are not loaded";  // why; empty: `ports` is valid
  Time at{};                                              // of the reading; Time{}: none
  std::vector<PortSessions> ports;                        // by cgroup and port; bounded by the source
  uint64_t uncounted = 0;                                 // accepted on ports beyond that bound
  uint64_t accepted = 0;                                  // on all ports since the source began; monotonic
};

}  // namespace candor
