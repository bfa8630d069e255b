// SPDX-License-Identifier: Apache-2.0
//
// What steering does in Redis, as an interface: RedisStore is the real one. An error means that nothing is
// known of the effect. Calls return within RedisStore's time limit. Not thread-safe. Tested
// in tests/steer/redis_store_test.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "steer/node_row.h"

namespace candor::steer {

// A node asks to be steered, or to go on being steered.
struct Claim {
  std::string id;
  std::string region;
  double min_serving_share = 0;
  struct Node {
    std::string id;
    bool serving = false;
  };
  std::vector<Node> fresh;  // of the region, this node included
};

struct ClaimAnswer {
  bool granted = false;
  uint32_t nodes = 0;   // fresh ones, and those that are steered
  uint32_t left = 0;    // that serve, without this node
  uint32_t needed = 0;  // that have to
};

class NodeStore {
 public:
  virtual ~NodeStore() = default;

  virtual Result<std::vector<HashField>> ReadNodes() = 0;
  virtual Result<std::optional<std::string>> ReadNode(const std::string& id) = 0;
  // Grants claims one after the other, for all nodes of the cluster; a grant ends after kClaimLasts, or at a
  // refusal.
  virtual Result<ClaimAnswer> Ask(const Claim& claim) = 0;
  // Replaces the row if it is still `seen`, and if `claimed` while this node's claim is in force. False: it
  // is not, and nothing has changed.
  virtual Result<bool> Replace(const std::string& id, const std::string& seen, const std::string& wanted,
                               bool claimed) = 0;
  virtual Result<void> Release(const std::string& id) = 0;
};

inline constexpr std::chrono::seconds kClaimLasts{6};

}  // namespace candor::steer
