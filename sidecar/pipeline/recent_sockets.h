// SPDX-License-Identifier: Apache-2.0
//
// The sockets and clients of one media server lately, also when no flow of theirs is open any more: of which
// the local facts are read (facts_request.h). Bounded, pure; one thread.
// Tested in tests/pipeline/recent_sockets_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "base/port_range.h"
#include "facts/facts_request.h"
#include "flow/flow.h"

namespace candor {

class RecentSockets {
 public:
  // The first flow of an attempt.
  void Observe(const FlowEvent& e);
  // `range`: the configured ports; all of them: none are configured.
  FactsRequest Request(PortRange range) const;

 private:
  // Several clients use a port at once where so many sessions began on it within this time. An ICE restart
  // brings a second one of the same client.
  static constexpr size_t kSessions = 3;
  static constexpr Duration kAtOnce = std::chrono::seconds(60);

  struct Port {
    Time last{};
    bool shared = false;
    std::array<std::pair<uint64_t, Time>, kSessions> sessions{};  // by identity, newest first; 0: none
  };
  static void Count(uint64_t session, Time at, Port* p);
  void MakeRoom();

  std::vector<uint64_t> cgroups_;  // newest last
  std::map<uint16_t, Port> ports_;
  std::vector<IpAddress> addresses_, peers_;  // newest last
};

}  // namespace candor
