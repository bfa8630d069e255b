// SPDX-License-Identifier: Apache-2.0
//
// What load balancers should do with this node, derived from one snapshot. /readyz, the HAProxy agent and
// /metrics all use it. Pure.
#pragma once

#include <optional>
#include <string>

#include "status/snapshot_store.h"

namespace candor::web {

// Thousandths of a healthy node's traffic.
inline constexpr int kFullWeight = 1000;
inline constexpr int kProbationWeight = 50;     // traffic returns gradually
inline constexpr int kMaxDegradedWeight = 990;  // maximum of a degraded node

struct RoutingAdvice {
  State state = State::kUnknown;  // as shown: blindness over the verdict
  bool serving = false;           // the effective answer
  // Thousandths, 1..1000; nullopt: there is no evidence to derive it from (UNKNOWN, BLIND), or the node takes
  // no traffic.
  std::optional<int> weight;
  bool degraded = false;  // serving, but other nodes are preferred
  bool failing = false;   // the verdict is FAILING
  // Of a node that does not serve; characters [a-z0-9_ /-]: "waiting_on_node 12/15".
  std::string down_reason;
};

// A degraded node's weight is 1 - severity, the estimated share of its attempts that still succeed, limited
// to kProbationWeight..kMaxDegradedWeight; kMaxDegradedWeight when the verdict's score is 0.
RoutingAdvice RoutingAdviceOf(const Snapshot& snapshot);

// The line of HAProxy's agent-check (HAProxy configuration manual, "agent-check"), without its newline:
// "up ready 100%", "down #waiting_on_node 12/15", "drain". "ready" is there because "up" alone does not end
// an earlier drain.
std::string AgentLine(const RoutingAdvice& advice);

}  // namespace candor::web
