// SPDX-License-Identifier: Apache-2.0
//
// What steering does and why, as every interface shows it. A value. Tested in tests/steer/steerer_test.cc.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace candor::steer {

enum class SteerState : uint8_t {
  kOff,          // not configured
  kStarting,     // Redis has not answered yet
  kReady,        // the node may serve: nothing is overridden, and could be
  kSteering,     // the node's row says SHUTTING_DOWN
  kHeldBack,     // too few nodes would be left: LiveKit's own word stands
  kNoNode,       // this node's row is not there, not fresh, or not the only one
  kNotReported,  // LiveKit itself says that the node does not serve: nothing to override
  kUnavailable,  // Redis is down, slow or refuses: LiveKit's own word stands
};
inline constexpr std::array<std::string_view, 8> kSteerStateNames = {
    "off", "starting", "ready", "steering", "held_back", "no_node", "not_reported", "unavailable"};
inline constexpr std::string_view Name(SteerState s) { return kSteerStateNames.at(static_cast<size_t>(s)); }

struct SteerStatus {
  SteerState state = SteerState::kOff;
  std::string text;                               // a sentence, with the remedy where there is one
  std::chrono::system_clock::time_point since{};  // of the state
  std::string node_id;                            // this node in LiveKit; empty: not known
  std::string region;
  // Of the region, as of the last look before steering; 0: none yet. `left` would serve, or do, without this
  // node.
  uint32_t nodes = 0, left = 0, needed = 0;
  // Since start.
  uint64_t heartbeats = 0;  // of LiveKit that were seen while not serving
  uint64_t rewrites = 0;
  uint64_t overtaken = 0;  // rewrites that a heartbeat was faster than
  uint64_t errors = 0;     // of Redis
  bool notified = false;   // Redis sends keyspace notifications
};

}  // namespace candor::steer
