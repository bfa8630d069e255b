// SPDX-License-Identifier: Apache-2.0
//
// Keeps new rooms away from this LiveKit node while it must not serve: rewrites its row in Redis after each
// of LiveKit's heartbeats, and lets go afterwards. Never beyond the share of nodes that must go on serving.
// Candor dead or Redis out of reach: the next heartbeat restores LiveKit's own word. Time is a parameter. Not
// thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "steer/node_store.h"
#include "steer/steer_options.h"
#include "steer/steer_status.h"

namespace candor::steer {

class Steerer {
 public:
  using Addresses = std::function<std::vector<std::string>()>;

  // `addresses`: of this machine, asked for whenever the node has to be found; not with node_id or node_ip.
  // `store` outlives this.
  Steerer(const SteerOptions& options, Addresses addresses, NodeStore& store);

  // One look at Redis, with what has to be done. `serving`: the effective answer of the node.
  const SteerStatus& Step(Time now, WallTime wall, bool serving);
  const SteerStatus& status() const { return status_; }

  // From the end of a Step until the next one, unless a notification or a change of the answer comes before.
  // `notified`: Redis sends notifications of every change of the hash.
  Duration UntilNextLook(Time now, bool notified) const;

  // Releases the claim, at the end of candord; the next heartbeat restores the row.
  void LetGo();

 private:
  using Done = Result<void>;

  void StepServing(Time now, WallTime wall);
  void StepNotServing(Time now, WallTime wall);
  // Finds this node, also anew: node_ is empty where it is not there, and the status says why.
  Done Find(WallTime wall);
  // The same for a node that may serve, of which only its own row is read while it is fresh.
  Done Refresh(Time now, WallTime wall);
  // Whether the row is there and alive; notes a heartbeat.
  bool Look(const std::optional<std::string>& message, Time now, WallTime wall);
  // What this node would ask for, with the fresh nodes among which the share counts.
  Claim ClaimOf(const std::vector<HashField>& nodes, WallTime wall) const;
  Done AskAgain(Time now, WallTime wall);  // for the claim, or for its renewal
  Done Rewrite(const std::string& message);
  Done Rehearse(const std::string& message);
  void Enter(SteerState state, std::string text, WallTime wall);
  void Failed(const Error& error, WallTime wall);
  void ForgetNode();

  const SteerOptions options_;
  const Addresses addresses_;
  NodeStore& store_;
  SteerStatus status_;
  std::optional<NodeRow> node_;  // as last found or read
  std::string seen_;             // the row as last read, or written by us
  std::string written_;          // by us; empty: LiveKit's own row stands
  Time heartbeat_{};             // when the last one was seen; Time{}: none since the node was found
  Duration interval_;            // between the last two
  bool granted_ = false;
  std::string outlook_;  // why this node can never be steered; empty: it can
  std::string claimed_;  // id under which a claim of ours may be in Redis; empty: there is none
  Time asked_{};         // last
  Time rehearsed_{};
  bool serving_ = true;
};

}  // namespace candor::steer
