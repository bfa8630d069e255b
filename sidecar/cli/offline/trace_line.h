// SPDX-License-Identifier: Apache-2.0
//
// One line of a trace of attempts, a flat JSON object (RFC 8259):
//   {"t":12.3,"e":"attempt","id":7,"ip":"203.0.113.9"}    also e: ack, active, dead, close (without ip)
//   {"t":12.7,"e":"media","id":7,"media":"rtp_out"}       the first packet of a kind of media
//   optional on any line: "waiting_on":"node|peer|path", "alive":true|false,
//   "media":"rtp_in,rtp_out,data_in,data_out" (the kinds seen so far) or "none",
//   "lost":"netfilter in" (the node's kernel drops what it waits for, by the names of `candorctl attempts`;
//   in the way in of an attempt line: its packets never reach a socket, until an ack) or "none"
// Strict: an unknown or repeated field, and any value that is not as described, is an error. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "attempt/attempt_event.h"
#include "base/result.h"

namespace candor {

// The fields as written; `ip` is set where kind is kOffered, and only there.
struct TraceLine {
  double t = 0;  // seconds from the start of the trace, 0..1e9
  AttemptEvent::Kind kind = AttemptEvent::Kind::kOffered;
  uint64_t id = 0;  // > 0
  IpAddress ip{};
  std::optional<WaitingOn> waiting_on;
  std::optional<bool> alive;     // the peer still sends
  std::optional<uint8_t> media;  // MediaBits
  std::optional<LostReason> lost;
};

// The error's message begins with "column N: ", counted from 1 in bytes.
Result<TraceLine> ParseTraceLine(std::string_view line);

}  // namespace candor
