// SPDX-License-Identifier: Apache-2.0
//
// What an operator says of the media servers on the node, and how their verdicts make the node's.
// Tested in tests/pipeline/servers_test.cc and tests/pipeline/node_verdict_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/port_range.h"
#include "base/time.h"
#include "verdict/judge_options.h"

namespace candor {

// A server that is known by configuration. A flow is its own where everything that is set here holds; of
// several servers the first one takes it.
struct ServerSetting {
  std::string name = {};
  std::string cgroup = {};   // a path from the root of the tree, with * and ?: that cgroup and those below
  std::string unit = {};     // a component of the path: "janus.service"
  std::string process = {};  // the name (comm) of a process in the cgroup
  PortRange ports = {};      // local UDP ports; all of them: not set
  Role role = Role::kLearned;
  bool drives_node = true;  // with NodeVerdictRule::kNamed
  bool has_ports() const { return ports != PortRange{}; }
  bool operator==(const ServerSetting&) const = default;
};

// Which servers make the node FAILING; the failure of any other makes it DEGRADED (server_failing).
enum class NodeVerdictRule : uint8_t {
  kWorstByShare,  // those with at least `share` of the node's acknowledged attempts
  kWorst,         // every one
  kNamed,         // those that are configured with drives_node
};

struct ServersOptions {
  std::vector<ServerSetting> known;
  NodeVerdictRule rule = NodeVerdictRule::kWorstByShare;
  double share = 0.1;                           // (0, 1]
  size_t most = 16;                             // judged by themselves; all others together are "other"
  size_t most_remembered = 32;                  // baselines of servers that are gone
  Duration gone_after = std::chrono::hours(1);  // without a new attempt and without an open one
};

}  // namespace candor
