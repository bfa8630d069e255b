// SPDX-License-Identifier: Apache-2.0
//
// What a LiveKit server writes of itself into Redis, as far as Candor reads and changes it. Facts of
// LiveKit 1.13 (pkg/routing and pkg/routing/selector of livekit/livekit, message Node of
// livekit/protocol): the hash `nodes` has a field for each node, named by its id, with a message Node. A
// server writes it anew every 2 s. Other nodes place a new room only on nodes whose state is SERVING and
// whose statistics are younger than 5 s; a room stays on its node (hash `room_node_map`) while these are
// younger than 5 s, whatever the state. A node without statistics counts as fresh. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace candor::steer {

inline constexpr const char* kNodesKey = "nodes";
inline constexpr std::chrono::seconds kFreshFor{5};

// Values of Node.state. Every value but kServing keeps new rooms away.
enum NodeState : uint64_t { kStartingUp = 0, kServing = 1, kShuttingDown = 2, kSuspended = 3 };

struct NodeRow {
  std::string id;
  std::string ip;
  uint64_t state = kStartingUp;
  std::optional<int64_t> updated_at;  // seconds since 1970; nullopt: no statistics yet
  std::string region;                 // empty: none configured

  bool serving() const { return state == kServing; }
  // By LiveKit's own rule, with the clock of the one who asks.
  bool FreshAt(WallTime now) const;
};

// A field of the hash: the id, and the message.
struct HashField {
  std::string id;
  std::string message;
};

// nullopt: not a message of this form. The last of repeated fields counts, as protobuf says.
std::optional<NodeRow> ReadNodeRow(std::string_view message);

// What the row is changed to: `kNew` keeps new rooms away; `kAll` makes it look stale as well, so that
// participants who join a room of the node are placed anew too.
enum class Rooms : uint8_t { kNew, kAll };

// The message with state SHUTTING_DOWN, and with `kAll` statistics that are a minute older; nothing else
// changes. nullopt: not a message of this form.
std::optional<std::string> SteeredRow(std::string_view message, Rooms rooms);

// The row of this node: `id`, or where that is empty the only fresh one with one of `addresses`. `error`: why
// there is none, a sentence.
struct OwnNode {
  std::optional<NodeRow> row;
  std::string error;
};
OwnNode FindOwnNode(const std::vector<HashField>& nodes, const std::string& id,
                    const std::vector<std::string>& addresses, WallTime now);

}  // namespace candor::steer
