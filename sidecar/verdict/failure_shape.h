// SPDX-License-Identifier: Apache-2.0
//
// What the attempts of a fault have in common, and what those that came up meanwhile have not: a family, a
// socket, an address of the node, a client network, an error. Pure; counts of attempts.
// Tested in tests/verdict/failure_shape_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "attempt/attempt_view.h"

namespace candor {

// The group with the most failures, and all others.
struct ShapeGroup {
  std::string name;  // "IPv6", "192.0.2.1:5000", "192.0.2.1", "203.0.0.0/16"
  uint64_t failed = 0, active = 0;
  uint64_t failed_elsewhere = 0, active_elsewhere = 0;

  // The others show that the fault is in this group alone.
  bool Alone() const;
};

struct FailureShape {
  uint64_t failed = 0, active = 0;
  ShapeGroup family, socket, address, network;
  // Of the failed ones.
  uint64_t handshake_not_answered = 0;  // have a path, and the node owes its handshake flight
  uint64_t flight_asked_again = 0;      // have a path, and the peer asks again for a flight that was sent
  uint64_t large_asked_again = 0;       // of these, those where a smaller flight of the node was answered
  uint64_t certificate_alerts = 0;      // ended by an alert about a certificate (RFC 8446 section 6.2)
  uint64_t unauthorized = 0;            // last STUN error 401 or 438
  uint64_t wrong_allocation = 0;        // 437
  uint64_t no_capacity = 0;             // 486 or 508
};

struct FailureShapeOptions {
  Time since{}, now{};
  Duration settled = std::chrono::seconds(1);  // younger ones may still come up
  int network_bits_v4 = 16, network_bits_v6 = 32;
};

// Of the attempts whose first packet came in [since, now - settled]; those that left or were replaced do not
// count.
FailureShape ShapeOf(std::span<const AttemptView> attempts, const FailureShapeOptions& options);
// Clients of these that failed, newest first, each once, at most `most`.
std::vector<IpAddress> FailingPeers(std::span<const AttemptView> attempts, const FailureShapeOptions& options,
                                    size_t most);

}  // namespace candor
