// SPDX-License-Identifier: Apache-2.0
//
// What a load balancer is to do with this node, derived from one snapshot: the row of the contract (states x
// interfaces) that all interfaces of this room read. Pure; values only.
#pragma once

#include <optional>
#include <string>

#include "status/snapshot_store.h"

namespace candor::web {

// Shares of the traffic of a healthy node, in thousandths.
inline constexpr int kFullWeight = 1000;
inline constexpr int kProbationWeight = 50;     // let back in a little at a time
inline constexpr int kMaxDegradedWeight = 990;  // the most that a harmed node is given

struct RoutingAdvice {
  State state = State::kUnknown;  // as shown: blindness over the verdict
  bool serving = false;           // the effective answer
  // Thousandths, 1..1000; nullopt: nothing is known that would weigh it (UNKNOWN, BLIND), or it takes no
  // traffic at all.
  std::optional<int> weight;
  bool degraded = false;  // serving, but others are better
  bool failing = false;   // the verdict itself takes it out
  // Of a node that does not serve, in a few characters [a-z0-9_ /-]: "waiting_on_node 12/15".
  std::string down_reason;
};

// A harmed node's weight is the share of its attempts that still come up as usual, which is one less the
// verdict's likely failing share (`severity`), but never below that of a node on probation. One that is
// harmed without any score against it is given kMaxDegradedWeight.
RoutingAdvice RoutingAdviceOf(const Snapshot& snapshot);

// The line of HAProxy's agent-check (HAProxy configuration manual, "agent-check"), without its newline:
// "up ready 100%", "down #waiting_on_node 12/15", "drain". Every yes says "ready", because "up" alone does
// not end an earlier drain.
std::string AgentLine(const RoutingAdvice& advice);

}  // namespace candor::web
