// SPDX-License-Identifier: Apache-2.0
//
// The sockets and clients of one media server lately, also when no flow of theirs is open any more: of which
// the local facts are read (facts_request.h). A port or address that is not used while others are for a
// minute was given up by the media server (a new configuration, a new address): it is no shared port, and no
// address, of this server any more. Bounded, pure; one thread. Tested in
// tests/pipeline/recent_sockets_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "base/port_range.h"
#include "facts/facts_request.h"
#include "flow/flow.h"

namespace candor {

class RecentSockets {
 public:
  // The first flow of an attempt. Of packets that were dropped before a socket (cgroup 0) only the client
  // counts: strangers send to any port.
  void Observe(const FlowEvent& e);
  // Clients whose attempts fail now, newest first; none: none do.
  void ObserveFailing(std::vector<IpAddress> peers) { failing_ = std::move(peers); }
  // `range`: the configured ports; all of them: none are configured.
  FactsRequest Request(PortRange range) const;

  // How long others are used before a port or an address was given up.
  static constexpr Duration kGivenUp = std::chrono::seconds(60);

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
  std::vector<std::pair<IpAddress, Time>> addresses_;  // with their last use, newest last
  std::vector<IpAddress> peers_;                       // newest last
  std::vector<IpAddress> failing_;
  Time newest_{};  // use of any port
};

}  // namespace candor
