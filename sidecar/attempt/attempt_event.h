// SPDX-License-Identifier: Apache-2.0
//
// What the judge needs to know of an attempt (design.md "Words"): the border between the room that reads
// flows and the rooms that weigh evidence. A trace file (candorctl judge) says the same in JSON lines.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "flow/address.h"
#include "flow/flow.h"

namespace candor {

enum class Outcome : uint8_t {
  kPending,
  kActive,      // became active
  kStalled,     // deadline passed, the peer still sends (alive): a failure; `owed` says whose
  kLeft,        // deadline passed or known earlier: the peer fell silent with everything answered
  kRefused,     // the peer refused by alert, or the node by a 4xx: the client's doing
  kEarlyDrop,   // active, then the node fell silent within 30 s while the peer went on
  kUnanswered,  // credentialed checks the node never answered: not vouched, forgeable
  kReplaced,    // an ICE restart or a new owner of the 5-tuple took over: no evidence
};
std::string_view Name(Outcome o);  // "pending", "early_drop", ...

struct AttemptEvent {
  enum class Kind : uint8_t {
    kOffered,  // first valid packet
    kVouched,  // the node acknowledged it: from now on it is real
    kActive,   // protected media or data both ways
    kOwed,     // a pending attempt's owed side (past the protocol's patience), aliveness or phase changed
    kDead,     // active, then the node fell silent while the peer goes on (early drop)
    kClosed,   // over; `outcome` says how. Always the last event of its id
  };
  Kind kind = Kind::kOffered;
  Time at{};
  uint64_t id = 0;  // unique within a source's life, > 0
  IpAddress peer{};
  Phase phase = Phase::kOffered;  // farthest phase so far
  Owed owed = Owed::kNone;        // only past the protocol's own patience (1 s); before it: kNone
  // Whether the peer still sends; nullopt: not known (traces without it).
  std::optional<bool> peer_alive;
  Outcome outcome = Outcome::kPending;  // on kClosed only
};

}  // namespace candor
